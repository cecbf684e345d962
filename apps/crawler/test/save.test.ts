import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { expect, test } from "vitest";
import { BadInput } from "../src/bad-input.ts";
import { fileName, PageSaver } from "../src/save.ts";

const nameOf = (url: string, type = "text/html"): string => fileName(new URL(url), type);

test("names say which page it is", () => {
  expect(nameOf("http://site.example:8080/guide/Getting%20started.html?x=1")).toMatch(
    /^site-example-8080[/\\]guide-getting-20started-[0-9a-f]{16}\.html$/,
  );
  expect(nameOf("http://site.example/")).toMatch(/[/\\]index-[0-9a-f]{16}\.html$/);
  expect(nameOf("http://site.example/logo.SVG", "image/svg+xml")).toMatch(/logo-[0-9a-f]{16}\.svg$/);
});

test.each([
  "http://site.example/../../etc/passwd",
  "http://site.example/%2e%2e/%2e%2e/etc/passwd",
  "http://site.example/..%2f..%2fetc%2fpasswd",
  "http://site.example/a%00b",
  "http://site.example/C:%5Cwindows%5Cx",
  "http://[::1]/..%5c..%5cx",
  "http://site.example/a./..../con",
])("%s stays inside the directory", (url) => {
  const path = resolve("/save", nameOf(url, "application/octet-stream"));
  expect(path.startsWith(`${resolve("/save")}${sep}`)).toBe(true);
  expect(nameOf(url)).toMatch(/^[a-z0-9-]+[/\\][a-z0-9-]+(?:\.[a-z0-9]+)?$/);
});

test("different pages never share a name, not even where case or length doesn't count", () => {
  const long = "a".repeat(3000);
  const urls = ["/A", "/a", "/a/", "/a/b", "/a-b", "/a?b", "/a?b=1", `/${long}`, `/${long}b`, "/a.html", "/a.htm"];
  const names = urls.map((path) => nameOf(`http://site.example${path}`).toLowerCase());
  expect(new Set(names).size).toBe(urls.length);
  for (const name of names) expect(name.length).toBeLessThan(200);
});

test("a page that wasn't read to its end leaves nothing behind", async () => {
  const directory = await mkdtemp(join(tmpdir(), "crawl-"));
  const saver = await PageSaver.open(join(directory, "new", "one"));
  const half = await saver.open(new URL("http://site.example/half"), "text/html");
  await half.write(Buffer.from("<p>"));
  await half.close();
  const whole = await saver.open(new URL("http://site.example/whole"), "text/html");
  await whole.write(Buffer.from("<p>"));
  await whole.write(Buffer.from("all"));
  await whole.commit();
  await whole.close();
  const files = await readdir(join(directory, "new", "one", "site-example"));
  expect(files).toHaveLength(1);
  expect(await readFile(join(directory, "new", "one", "site-example", files[0] ?? ""), "utf8")).toBe("<p>all");
});

test("a directory that can't be one is bad input", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "crawl-")), "file");
  await writeFile(file, "");
  await expect(PageSaver.open(file)).rejects.toThrow(BadInput);
  await expect(PageSaver.open(join(file, "below"))).rejects.toThrow(/^--save .*ENOTDIR/);
});
