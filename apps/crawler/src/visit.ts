import { CancelledError, KeyboardInterrupt, SystemExit, type TaskScope, TimeoutError } from "./cohort.ts";
import { type FetchOptions, fetchPage, type Page } from "./fetch-page.ts";
import type { Ledger } from "./ledger.ts";
import type { Output } from "./output.ts";
import { PageError } from "./page-error.ts";
import { duration } from "./printable.ts";
import type { UrlSource } from "./url-source.ts";

export interface VisitOptions extends Omit<FetchOptions, "signal"> {
  ledger: Ledger;
  output: Output;
  name: string;
  pageTimeout: number;
}

export interface CrawlOptions extends Omit<VisitOptions, "name"> {
  limit: number;
  onBadInput: UrlSource["onBadInput"];
}

/** The body of a page's task: fetches it under its own deadline and enters what came of it in the ledger. */
export async function visit(task: TaskScope, url: URL, options: VisitOptions): Promise<Page | undefined> {
  const { ledger, output, name, pageTimeout } = options;
  // Lines that nobody has read yet would pile up here.
  await output.drained(task);
  const entry = ledger.begin(name, url.href);
  try {
    const page = await task.failAfter(pageTimeout, ({ signal }) => fetchPage(url, { ...options, signal }));
    const { links, ...facts } = page;
    ledger.fetched(entry, { ...facts, ...(links && { title: links.title, links: links.urls.length }) });
    return page;
  } catch (error) {
    if (task.isCancellation(error)) {
      ledger.cancelledBy(entry, canceller(task.reason, ledger));
      throw error;
    }
    const failure = error instanceof TimeoutError ? noAnswer(pageTimeout, error) : error;
    // The group keeps every failure it is given: of a list where nothing answers it gets the first thousand.
    const last = ledger.full;
    ledger.failedWith(entry, failure);
    if (!last) throw failure;
    return undefined;
  }
}

function noAnswer(ms: number, cause: TimeoutError): PageError {
  return new PageError(`no answer within ${duration(ms)}`, { cause });
}

/** Who took this task down, in words for the report. */
function canceller(reason: unknown, ledger: Ledger): string {
  const cause = reason instanceof CancelledError ? reason.cause : reason;
  if (cause instanceof TimeoutError) return "the deadline";
  if (cause instanceof KeyboardInterrupt) return "SIGINT";
  if (cause instanceof SystemExit) return "SIGTERM";
  return (
    ledger.failed.find(({ error }) => error === cause)?.name ?? (cause instanceof Error ? cause.message : String(cause))
  );
}
