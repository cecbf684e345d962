import { describe, expect, test } from "vitest";
import { parseArguments } from "../src/arguments.ts";
import { BadInput } from "../src/bad-input.ts";

describe("the command line", () => {
  test("without anything asks for the demo, five at a time", () => {
    expect(parseArguments([])).toMatchObject({
      job: { kind: "demo", broken: false },
      limit: 5,
      keepGoing: false,
      json: false,
      color: true,
    });
  });

  test("takes URLs and a file together", () => {
    const options = parseArguments(["http://a.example/x#part", "--file", "-", "http://b.example"]);
    expect(options?.job).toEqual({
      kind: "list",
      urls: [new URL("http://a.example/x"), new URL("http://b.example/")],
      file: "-",
    });
  });

  test("reads durations and sizes as people write them", () => {
    const options = parseArguments(["--timeout", "1.5s", "--page-timeout", "2m", "--max-size", "64K"]);
    expect(options).toMatchObject({ timeout: 1500, pageTimeout: 120_000, maxBytes: 65_536 });
  });

  test("keeps going with --site, because a link checker has to find all", () => {
    expect(parseArguments(["--site", "http://a.example/"])).toMatchObject({
      job: { kind: "site", depth: Infinity },
      keepGoing: true,
    });
  });

  test.each([
    [["--limit", "-1"], /--limit.*'-1'.*1 or more/],
    [["--limit", "0"], /1 or more/],
    [["--limit", "NaN"], /1 or more/],
    [["--limit", "2.5"], /1 or more/],
    [["--limit"], /argument missing/],
    [["--timeout", "soon"], /'soon'.*duration/],
    [["--timeout", "-3s"], /duration/],
    [["--timeout", "0"], /duration/],
    [["--page-timeout", ""], /duration/],
    [["--max-size", "0"], /size/],
    [["--max-size", "big"], /size/],
    [["--limt", "3"], /unknown option '--limt'.*--limit/],
    [["--depth", "2"], /--depth needs --site/],
    [["--site", "http://a.example", "--depth", "-1"], /0 or more/],
    [["--site", "http://a.example", "http://b.example"], /can't be combined/],
    [["--site", "a.example"], /not a URL: "a.example"/],
    [["--broken", "http://a.example"], /--broken belongs to the demo/],
    [["a.example"], /not a URL: "a.example"/],
    [["ftp://a.example"], /not a URL/],
    [["http://user:secret@a.example"], /user name or password/],
  ])("refuses %j in one line", (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(BadInput);
    expect(() => parseArguments(argv)).toThrow(message);
    expect(() => parseArguments(argv)).not.toThrow(/\n/);
  });
});
