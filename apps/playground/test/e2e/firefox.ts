import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

/** What WebDriver BiDi says to a command; an event has no id. */
interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}

/** Whoever is short of memory empties the back/forward cache, and a machine that runs all tests at once may be. */
const PREFERENCES = ["percent", "mb"]
  .map((unit) => `user_pref("browser.low_commit_space_threshold_${unit}", 0);\n`)
  .join("");

/**
 * The Firefox that `COHORT_FIREFOX` names, or the machine's; undefined if there is none. Throws then if it is among those that
 * `COHORT_ENGINES`, such as "chromium,firefox", demands.
 */
export function findFirefox(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const places = (env["PATH"] ?? "").split(delimiter);
  const found =
    env["COHORT_FIREFOX"] ??
    places.flatMap((place) => ["firefox", "firefox-esr"].map((name) => join(place, name))).find(existsSync);
  if (found === undefined && (env["COHORT_ENGINES"] ?? "").split(",").includes("firefox"))
    throw new Error("COHORT_ENGINES demands firefox, which isn't on this machine");
  return found;
}

/**
 * A tab of a Firefox, driven by WebDriver BiDi: Chromium's headless shell, which is what npm has, keeps no back/forward
 * cache, and Playwright drives only a Firefox of its own.
 */
export class FirefoxTab implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #context = "";
  #last = 0;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      this.#answers.get(answer.id ?? 0)?.(answer);
      this.#answers.delete(answer.id ?? 0);
    });
  }

  static async open(executable: string): Promise<FirefoxTab> {
    const profile = await mkdtemp(join(tmpdir(), "cohort-firefox-"));
    await writeFile(join(profile, "user.js"), PREFERENCES);
    const child = spawn(executable, ["--headless", "--remote-debugging-port=0", "--profile", profile], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, MOZ_DISABLE_CONTENT_SANDBOX: "1" },
    });
    let address: string | undefined;
    for await (const line of createInterface({ input: child.stderr })) {
      address = /WebDriver BiDi listening on (\S+)/.exec(line)?.[1];
      if (address !== undefined) break;
    }
    // What it goes on to say is for nobody, and may not fill the pipe.
    child.stderr.resume();
    if (address === undefined) throw new Error("Firefox ended before it could be driven");
    const socket = new WebSocket(`${address}/session`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error("Firefox doesn't answer")), { once: true });
    });
    const tab = new FirefoxTab(child, profile, socket);
    await tab.#send("session.new", { capabilities: {} });
    const { contexts } = await tab.#send("browsingContext.getTree", {});
    tab.#context = (contexts as { context: string }[])[0]!.context;
    return tab;
  }

  async goto(url: string): Promise<void> {
    await this.#send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  async goBack(): Promise<void> {
    await this.#send("browsingContext.traverseHistory", { context: this.#context, delta: -1 });
  }

  /** The value of an expression in the page: a string, or undefined. */
  async evaluate(expression: string): Promise<string | undefined> {
    const target = { context: this.#context };
    const { result, exceptionDetails } = (await this.#send("script.evaluate", {
      expression,
      target,
      awaitPromise: true,
    })) as {
      result?: { value?: string };
      exceptionDetails?: { text: string };
    };
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result?.value;
  }

  /** Waits until an expression in the page has a value that isn't empty, frame by frame, and gives it. */
  async waitFor(expression: string): Promise<string> {
    const value = await this.evaluate(`new Promise((resolve) => {
      const look = () => { const value = ${expression}; if (value) resolve(String(value)); else setTimeout(look, 20); };
      look();
    })`);
    return value!;
  }

  async #send(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    const { error, message, result } = await new Promise<Answer>((resolve) => {
      this.#answers.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    if (error !== undefined) throw new Error(`${method}: ${error}: ${message}`);
    return result ?? {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#socket.close();
    this.#process.kill();
    await ended;
    await rm(this.#profile, { recursive: true, force: true });
  }
}
