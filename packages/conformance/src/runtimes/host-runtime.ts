import type { Search } from "./find.ts";
import type { HostInfo } from "../this-host.ts";
import type { Ending } from "./child.ts";
import type { Message } from "./message.ts";

/** The runtimes that the suite can be carried into. */
export type RuntimeName = "node" | "bun" | "deno" | "workerd" | "chromium" | "firefox" | "webkit";

/** A runtime, and how the suite is carried into it and its results out. */
export interface HostRuntime {
  readonly name: RuntimeName;
  /** Whether it has Node's modules, or what a page has. */
  readonly platform: "node" | "browser";
  /** Under which of a package's conditions an implementation is looked up. */
  readonly conditions: readonly string[];
  /** What would make it be found. */
  readonly wanted: string;
  readonly find: (search: Search) => Promise<string | undefined>;
  /** What it is, where that can't be seen from inside. */
  identify?(executable: string, compatibility: Compatibility): Promise<HostInfo>;
  /** The statements that run the suite with `load` and `options`, by `runInside`, and send by `byConsole` or `byFetch`. */
  readonly program: (mark: string) => string;
  /** Runs the bundle until it ends by itself or the signal is aborted. */
  run(executable: string, script: Script, receive: (message: Message) => void, signal: AbortSignal): Promise<Ending>;
}

/** As of which day a Worker's runtime behaves, and what it was told beyond that. */
export interface Compatibility {
  /** Default: the day of the runtime's release. */
  readonly date: string | undefined;
  readonly flags: readonly string[];
}

/** The implementation and the suite in one file. */
export interface Script {
  readonly code: string;
  /** An empty directory of its own. It's removed in the end. */
  readonly directory: string;
  /** What a message begins with, or where it is posted to. */
  readonly mark: string;
  /** Of a Worker. */
  readonly compatibility: Compatibility;
}
