import type { OutputLevel } from "../recording/event.ts";
import { valueText } from "../recording/error-node.ts";

const LEVELS = {
  log: "log",
  info: "log",
  debug: "log",
  dir: "log",
  warn: "warn",
  error: "error",
  trace: "error",
} as const satisfies Readonly<Record<string, OutputLevel>>;

/** Gives what the program prints to `print`; returns what lets the console print again. */
export function captureConsole(print: (level: OutputLevel, text: string) => void): () => void {
  const before = { ...console };
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method as keyof typeof LEVELS] = (...values: unknown[]) => print(level, values.map(valueText).join(" "));
  }
  return () => void Object.assign(console, before);
}
