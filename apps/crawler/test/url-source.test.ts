import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { taskGroup } from "@cohort/node";
import { expect, test } from "vitest";
import { checkFile, readUrls, type UrlSource } from "../src/url-source.ts";

async function fileOf(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "crawl-")), "urls.txt");
  await writeFile(file, text);
  return file;
}

function readAll(file: string, onBadInput: UrlSource["onBadInput"] = () => "go on"): Promise<string[]> {
  return taskGroup(async (scope) => {
    const names: string[] = [];
    for await (const { name } of readUrls({ urls: [new URL("http://first.example")], file, scope, onBadInput })) {
      names.push(name);
    }
    return names;
  });
}

test("gives the command line's URLs, then the file's, without comments and blank lines", async () => {
  const file = await fileOf(
    "\uFEFFhttp://a.example/x\r\n\r\n  # a comment\n\thttp://b.example#part \nhttps://c.example",
  );
  expect(await readAll(file)).toEqual([
    "http://first.example/",
    "http://a.example/x",
    "http://b.example/",
    "https://c.example/",
  ]);
});

test("says in which line there is no URL, and goes on if it may", async () => {
  const file = await fileOf("http://a.example\n\nnot a url\u001B[2J\nhttp://b.example\n");
  const bad: string[] = [];
  const names = await readAll(file, ({ message }) => (bad.push(message), "go on"));
  expect(names).toEqual(["http://first.example/", "http://a.example/", "http://b.example/"]);
  expect(bad).toEqual([`${file}:3: not a URL: "not a url [2J" (http:// or https:// is needed)`]);
});

test("stops at the first such line if it must", async () => {
  const file = await fileOf("http://a.example\nnope\nhttp://b.example\n");
  expect(await readAll(file, () => "stop")).toEqual(["http://first.example/", "http://a.example/"]);
});

test("a file that isn't there, or is a directory, is known before anything is fetched", async () => {
  await expect(checkFile("/nowhere/urls.txt")).rejects.toThrow("--file /nowhere/urls.txt: no such file");
  await expect(checkFile(tmpdir())).rejects.toThrow("is a directory");
});
