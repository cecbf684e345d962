import type { Exchange } from "./upstream.ts";

/** What the command says, to people or as lines of JSON. */
export interface Output {
  ready(url: URL, upstreams: Readonly<Record<string, string>>): void;
  exchange(exchange: Exchange): void;
}

/** One for each thing to see: all upstreams well, one that hangs, parts as they come. */
function curlLines({ href }: URL): string[] {
  return [`curl -i ${href}products/lamp`, `curl -i ${href}products/kettle`, `curl -N ${href}products/kettle/stream`];
}

const NOTES = [
  "all upstreams are well",
  "its reviews hang: the page comes without them, and says so",
  "each part as soon as it's there; leave it with Ctrl-C and see the upstreams closed",
];

export function textOutput(print: (text: string) => void): Output {
  return {
    ready(url) {
      const lines = curlLines(url);
      const width = Math.max(...lines.map(({ length }) => length));
      print(`The shop gateway is on ${url.href}, until Ctrl-C. Try:\n\n`);
      lines.forEach((line, at) => print(`  ${line.padEnd(width)}  # ${NOTES[at]}\n`));
      print("\nWhat reaches the upstreams:\n\n");
    },
    exchange({ upstream, method, path, end, status, ms, body }) {
      const how = end === "answered" ? `answered ${status}` : "closed by the gateway";
      print(`  ${upstream.padEnd(9)} ${method} ${path}: ${how} after ${ms} ms${body === "" ? "" : ` ${body}`}\n`);
    },
  };
}

export function jsonOutput(print: (text: string) => void): Output {
  const line = (value: unknown): void => print(`${JSON.stringify(value)}\n`);
  return {
    ready: (url, upstreams) => line({ type: "ready", url: url.href, curl: curlLines(url), upstreams }),
    exchange: (exchange) => line({ type: "exchange", ...exchange }),
  };
}
