import { parse as parseDuration } from "@lukeed/ms";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { BadInput } from "./bad-input.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import { givenUrl } from "./http-url.ts";

export type Job =
  | { kind: "demo"; broken: boolean }
  | { kind: "list"; urls: URL[]; file?: string | undefined }
  | { kind: "site"; start: URL; depth: number };

export interface Options {
  job: Job;
  limit: number;
  timeout?: number | undefined;
  pageTimeout: number;
  keepGoing: boolean;
  maxBytes: number;
  save?: string | undefined;
  json: boolean;
  quiet: boolean;
  color: boolean;
}

type Given = Pick<Options, "limit" | "timeout" | "save" | "color"> & {
  maxSize?: number;
  file?: string;
  site?: URL;
  depth?: number;
  broken?: true;
  keepGoing?: true;
  pageTimeout?: number;
  json?: true;
  quiet?: true;
};

const MAX_BYTES = 10 * 1024 ** 2;
const PAGE_TIMEOUT = 10_000;
const DEMO_PAGE_TIMEOUT = 2000;

/** What the command line asks for; `undefined` if it was `--help` or `--version`, which has been printed. */
export function parseArguments(argv: readonly string[]): Options | undefined {
  const command = describe();
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new BadInput(error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " "));
  }
  const { file, site, depth, broken, keepGoing, pageTimeout, maxSize, json, quiet, ...given } = command.opts<Given>();
  const job = chooseJob({ urls: command.args, file, site, depth, broken });
  return {
    ...given,
    job,
    json: json ?? false,
    quiet: quiet ?? false,
    maxBytes: maxSize ?? MAX_BYTES,
    // A link checker that stops at the first broken link would be of no use.
    keepGoing: keepGoing ?? job.kind === "site",
    pageTimeout: pageTimeout ?? (job.kind === "demo" ? DEMO_PAGE_TIMEOUT : PAGE_TIMEOUT),
  };
}

function describe(): Command {
  return new Command("cohort-crawl")
    .description(
      "Fetches pages, a few at a time, and says which are broken.\n\nWithout URL, --file or --site it serves itself a site of 100 pages and crawls that.",
    )
    .argument("[URL...]", "pages to fetch")
    .option("--file <path>", "fetch the URLs in a file, one a line; - is standard input, # starts a comment")
    .option("--site <url>", "check a site: follow its links, breadth first, never to another host", siteUrl)
    .option(
      "--depth <n>",
      "with --site: how many links away from the start (0: the start alone; default: all)",
      wholeNumber,
    )
    .option("-l, --limit <n>", "pages at a time", positiveNumber, 5)
    .option("--timeout <duration>", "for the whole crawl: 300ms, 3s, 2m (default: none)", duration)
    .option("--page-timeout <duration>", "for each page (default: 10s; 2s for the demo)", duration)
    .option("--keep-going", "a failing page doesn't cancel the others (always so with --site)")
    .option("--max-size <size>", "read no more of a page (default: 10m)", size)
    .option("--save <dir>", "keep each page's body in a file there")
    .option("--broken", "for the demo: add pages that fail, hang or aren't there")
    .option("--json", "print one line of JSON for each page, then one with the summary")
    .option("-q, --quiet", "no progress")
    .addOption(new Option("--no-color", "no colours (NO_COLOR and FORCE_COLOR are heard too)"))
    .version(packageJson.version, "-V, --version")
    .addHelpText("after", `\n${exitCodesHelp}\n\n${notes}`)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

const notes = `Without --keep-going the first page that fails takes the others down with it. With --site robots.txt is honoured
(as cohort-crawl), links without their #fragment are checked once each, links to other hosts are counted only.
A URL given by hand is fetched whatever robots.txt says. The report goes to standard output, progress to standard error.`;

interface JobOptions {
  urls: string[];
  file: string | undefined;
  site: URL | undefined;
  depth: number | undefined;
  broken: true | undefined;
}

function chooseJob({ urls, file, site, depth, broken }: JobOptions): Job {
  const list = urls.length > 0 || file !== undefined;
  if (site && list) throw new BadInput("--site can't be combined with URLs or --file");
  if (depth !== undefined && !site) throw new BadInput("--depth needs --site");
  if (broken && (site || list))
    throw new BadInput("--broken belongs to the demo, which takes no URL, --file or --site");
  if (site) return { kind: "site", start: site, depth: depth ?? Infinity };
  if (list) return { kind: "list", urls: urls.map((url) => givenUrl(url)), file };
  return { kind: "demo", broken: broken ?? false };
}

function siteUrl(text: string): URL {
  try {
    return givenUrl(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("A whole number is needed, 0 or more.");
  return Number(text);
}

function positiveNumber(text: string): number {
  if (!/^0*[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("A whole number is needed, 1 or more.");
  return Number(text);
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || !(ms > 0)) throw new InvalidArgumentError("A duration is needed: 300ms, 3s, 2m.");
  return ms;
}

function size(text: string): number {
  const [, number, unit = ""] = /^(\d{1,12})(k|m|g)?b?$/i.exec(text) ?? [];
  const bytes = Number(number) * 1024 ** " kmg".indexOf(unit.toLowerCase() || " ");
  if (!(bytes > 0)) throw new InvalidArgumentError("A size is needed: 500k, 10m.");
  return bytes;
}
