import { KeyboardInterrupt, type TaskGroup } from "./cohort.ts";
import type { Options } from "./arguments.ts";
import type { BadInput } from "./bad-input.ts";
import { coloursFor } from "./colours.ts";
import { pageLine, summaryLine } from "./json-lines.ts";
import { Ledger } from "./ledger.ts";
import type { Output } from "./output.ts";
import { planFor } from "./plan.ts";
import { showProgress, silence } from "./progress.ts";
import { drawReport, type Findings } from "./report.ts";
import { PageSaver } from "./save.ts";
import { judge } from "./verdict.ts";
import type { CrawlOptions } from "./visit.ts";

/** For a report that goes to a file or a pipe. */
const PLAIN_WIDTH = 120;

/** One run of the program, from its options to its exit code. Everything it starts has ended when it returns. */
export async function session(group: TaskGroup, options: Options, output: Output): Promise<number> {
  const { limit, timeout, keepGoing, json } = options;
  const { stdout, stderr } = process;
  const saver = options.save === undefined ? undefined : await PageSaver.open(options.save);
  const plan = await planFor(options, group);
  const ledger = new Ledger(json ? (entry) => output.write(pageLine(entry)) : undefined);
  const show = options.quiet ? silence : showProgress;
  const progress = show({ stream: stderr, ledger, waiting: () => plan.waiting(ledger) });
  if (!options.quiet) progress.note(`cohort-crawl: ${plan.title}, at most ${limit} at a time`);
  group.onCancel(() => progress.note("cohort-crawl: stopping; once more, and it ends at once"));

  let badInput: BadInput | undefined;
  const onBadInput: CrawlOptions["onBadInput"] = (bad) => {
    badInput ??= bad;
    progress.note(`cohort-crawl: ${bad.message}`);
    // Without --keep-going the pages before that line are still fetched: whoever mends it knows where to go on.
    return keepGoing ? "go on" : "stop";
  };
  let error: unknown;
  try {
    await group.taskGroup({ name: "crawl", limit, timeout, failFast: !keepGoing }, async (crawl) => {
      output.onClosed(() => crawl.cancel(new Error("the closed output")));
      await plan.crawl(crawl, { ...options, ledger, saver, output, onBadInput });
    });
  } catch (caught) {
    error = caught;
  } finally {
    progress.stop();
  }
  await plan.demo?.idle();

  const { site, demo } = plan;
  const interruptedBy = group.isCancelled() ? signalOf(group.reason) : undefined;
  const verdict = judge({
    ledger,
    error,
    malformed: site?.malformed.length,
    badInput,
    timeout,
    interruptedBy,
    outputClosed: output.closed,
  });
  const findings: Findings = { ledger, verdict, error, site, demo };
  const report = (): string => drawReport(findings, coloursFor(stdout, options.color), stdout.columns || PLAIN_WIDTH);
  output.write(json ? summaryLine(findings) : report());
  if (json && verdict.outcome !== "fine" && !badInput) stderr.write(`cohort-crawl: ${verdict.text}\n`);
  return verdict.exitCode;
}

function signalOf(reason: unknown): "SIGINT" | "SIGTERM" {
  return reason instanceof KeyboardInterrupt ? "SIGINT" : "SIGTERM";
}
