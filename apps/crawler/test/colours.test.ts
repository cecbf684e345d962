import { expect, test } from "vitest";
import { coloursFor } from "../src/colours.ts";

const terminal = { isTTY: true };
const pipe = { isTTY: false };

test.each([
  ["a terminal", terminal, true, {}, true],
  ["a pipe", pipe, true, {}, false],
  ["a terminal that can't", terminal, true, { TERM: "dumb" }, false],
  ["a terminal, with --no-color", terminal, false, { FORCE_COLOR: "1" }, false],
  ["a terminal, with NO_COLOR", terminal, true, { NO_COLOR: "1" }, false],
  ["a terminal, with an empty NO_COLOR", terminal, true, { NO_COLOR: "" }, true],
  ["a pipe, with FORCE_COLOR", pipe, true, { FORCE_COLOR: "1" }, true],
  ["a terminal, with FORCE_COLOR=0", terminal, true, { FORCE_COLOR: "0" }, false],
])("colours for %s", (_, stream, wanted, env, expected) => {
  expect(coloursFor(stream, wanted, env).isColorSupported).toBe(expected);
});
