/** What the process says when it ends; `--help` and the README repeat it. */
export const exitCodes = {
  fine: 0,
  failed: 1,
  badInput: 2,
  deadline: 124,
  interrupted: 130,
  outputClosed: 141,
  terminated: 143,
} as const;

export const exitCodesHelp: string = [
  "Exit codes:",
  "    0  every page was fetched, no broken link",
  "    1  a page failed, or a broken link was found",
  "    2  bad input: an option, a file, a line that isn't a URL",
  "  124  --timeout passed before the crawl was done",
  "  130  Ctrl-C (SIGINT); 143: SIGTERM. A second one exits at once",
  "  141  whoever read the output went away",
].join("\n");
