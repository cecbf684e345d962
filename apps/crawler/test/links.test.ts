import { expect, test } from "vitest";
import { LinkReader, type PageLinks } from "../src/links.ts";

const PAGE = new URL("http://site.example/guide/index.html");

function read(...chunks: string[]): PageLinks {
  const reader = new LinkReader();
  for (const chunk of chunks) reader.write(chunk);
  return reader.end(PAGE);
}

test("finds what a browser would fetch or go to", () => {
  const { urls } = read(`
    <link rel="stylesheet" href="/style.css"><script src="app.js"></script>
    <a href="next.html">next</a><area href="map.html"><img src="a.png" srcset="b.png 1x, c,d.png 2x"><iframe src="//cdn.example/x"></iframe>
    <frame src="frame.html"><object data="o.pdf"></object><video src="v.mp4" poster="p.jpg"></video>
    <meta http-equiv="Refresh" content="5; URL='later.html'">`);
  expect(urls).toEqual([
    "http://site.example/style.css",
    "http://site.example/guide/app.js",
    "http://site.example/guide/next.html",
    "http://site.example/guide/map.html",
    "http://site.example/guide/a.png",
    "http://site.example/guide/b.png",
    "http://site.example/guide/c,d.png",
    "http://cdn.example/x",
    "http://site.example/guide/frame.html",
    "http://site.example/guide/o.pdf",
    "http://site.example/guide/v.mp4",
    "http://site.example/guide/p.jpg",
    "http://site.example/guide/later.html",
  ]);
});

test("drops fragments and counts a page once however often it is linked to", () => {
  expect(read(`<a href="x#a">1</a><a href="x#b">2</a><a href=" x ">3</a><a href="#here">4</a>`).urls).toEqual([
    "http://site.example/guide/x",
    "http://site.example/guide/index.html",
  ]);
});

test("leaves alone what isn't fetched over http", () => {
  const { urls, malformed } = read(
    `<a href="mailto:a@b.example"><a href="tel:1"><a href="javascript:void 0"><img src="data:image/png;base64,AA==">`,
    `<link rel="preconnect" href="https://cdn.example"><link rel="dns-prefetch" href="//cdn.example">`,
  );
  expect({ urls, malformed }).toEqual({ urls: [], malformed: [] });
});

test("keeps what is meant as a link and is no URL", () => {
  expect(read(`<a href="http://[broken">x</a>`).malformed).toEqual(["http://[broken"]);
});

test("resolves against <base>, also for what stands before it", () => {
  expect(read(`<a href="x"><base href="/other/"><base href="/second/"><a href="y">`).urls).toEqual([
    "http://site.example/other/x",
    "http://site.example/other/y",
  ]);
  expect(read(`<base target="frame"><a href="x">`).urls).toEqual(["http://site.example/guide/x"]);
});

test("reads a page cut anywhere between two chunks", () => {
  const html = `<!doctype html><title>Tides &amp; currents</title><p><a href="/tides.html?a=1&amp;b=2">Tides</a><!-- <a href="/no">`;
  for (let at = 0; at <= html.length; at++) {
    expect(read(html.slice(0, at), html.slice(at))).toEqual({
      title: "Tides & currents",
      urls: ["http://site.example/tides.html?a=1&b=2"],
      malformed: [],
    });
  }
});

test("takes the page's title, not that of a picture in it, and nothing that moves the cursor", () => {
  expect(read(`<title>\n A \u001B[31m \n title</title><svg><title>Logo</title></svg>`).title).toBe("A [31m title");
});

test("doesn't hand a password in a link on to fetch", () => {
  expect(read(`<a href="http://me:secret@site.example/x">`).urls).toEqual(["http://site.example/x"]);
});
