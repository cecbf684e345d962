/** What the process says when it ends; `--help` and the README repeat it. */
export const exitCodes = {
  clean: 0,
  failed: 1,
  badUsage: 2,
  interrupted: 130,
  terminated: 143,
} as const;

export const exitCodesHelp: string = [
  "Exit codes:",
  "    0  every case passed, was skipped or is a known failure",
  "    1  a case failed, a list of known failures is stale, a runtime died or hung",
  "    2  bad usage: an option, a file, an implementation that is none, a runtime that isn't found",
  "  130  Ctrl-C (SIGINT); 143: SIGTERM",
].join("\n");
