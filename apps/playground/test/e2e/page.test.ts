import { describe } from "vitest";
import { findChromium } from "../support/chromium.ts";
import { accessible } from "./accessible.ts";
import { leaving } from "./leaving.ts";
import { running } from "./running.ts";
import { openSite } from "./site.ts";
import { using } from "./using.ts";

const chromium = await findChromium();

// One file, so that the page is built once and one browser is started.
describe.skipIf("missing" in chromium)("the page in Chromium", { timeout: 30_000 }, () => {
  const site = openSite(chromium);
  describe("a program", () => running(site));
  describe("the page", () => leaving(site));
  describe("whoever uses the page", () => using(site));
  describe("whoever uses it by keyboard or by ear", () => accessible(site));
});
