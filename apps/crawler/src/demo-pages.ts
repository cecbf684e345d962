import { BOOK, SECTIONS, type Section } from "./demo-text.ts";

export interface DemoPage {
  path: string;
  title: string;
  html: string;
}

/** Chapters that the section's page still links to by the address they once had. */
const MOVED: Readonly<Record<string, string>> = {
  "/light/old-lenses.html": "/light/lenses.html",
  "/sea/tide-tables": "/sea/tides.html",
  "/weather/glass": "/weather/barometers.html",
  "/house/kitchen/bread": "/house/bread.html",
};

/** Links that `--broken` adds, by the page that holds them. The failing page comes up while the silent one is in flight. */
const BROKEN_LINKS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "/fog/": [
    ["/fog/silent.html", "The horn that nobody heard"],
    ["/fog/wreck.html", "The wreck"],
  ],
  "/fog/clearing.html": [["/fog/lost.html", "The lost chapter"]],
  "/ships/farewells.html": [
    ["/fog/lost.html", "The lost chapter"],
    ["/ships/cut-cable.html", "The cut cable"],
  ],
  "/sea/drift.html": [["/sea/whirlpool", "The whirlpool"]],
};

export const redirects: ReadonlyMap<string, string> = new Map(Object.entries(MOVED));

const oldAddress = new Map(Object.entries(MOVED).map(([from, to]) => [to, from]));

export function demoPages(broken: boolean): DemoPage[] {
  const pages = [page("/", BOOK, front(), broken)];
  for (const section of SECTIONS) {
    const home = pathOf(section);
    pages.push(page(home, section.title, sectionBody(section), broken));
    section.chapters.forEach((title, at) => {
      pages.push(page(chapterPath(section, title), title, chapterBody(section, title, at), broken));
    });
  }
  return pages;
}

function page(path: string, title: string, body: string, broken: boolean): DemoPage {
  const nav = SECTIONS.map((section) => link(pathOf(section), section.title)).join(" · ");
  const extra = broken ? (BROKEN_LINKS[path] ?? []).map(([href, text]) => `<li>${link(href, text)}</li>`) : [];
  const see = extra.length > 0 ? `<h2>See also</h2><ul>${extra.join("")}</ul>` : "";
  const full = path === "/" ? title : `${escape(title)} – ${BOOK}`;
  return {
    path,
    title,
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${full}</title><link rel="stylesheet" href="/style.css"></head>
<body>
<header><a href="/"><img src="/lighthouse.svg" alt="" width="32" height="48"></a><nav>${nav}</nav></header>
<main><h1>${escape(title)}</h1>
${body}
${see}</main>
<footer><a href="#top">Back to the top</a> · <a href="/keeper/diary.html">The keeper's diary</a> · <a href="mailto:keeper@lighthouse.invalid">Write to the keeper</a></footer>
</body>
</html>
`,
  };
}

function front(): string {
  const list = SECTIONS.map(
    (section) => `<li>${link(pathOf(section), section.title)}: ${escape(section.about[0] ?? "")}</li>`,
  );
  return `<p>Nine sections of ten chapters on keeping a light, for those who have one.</p><ol>${list.join("")}</ol>`;
}

function sectionBody(section: Section): string {
  const list = section.chapters.map((title) => {
    const path = chapterPath(section, title);
    return `<li>${link(oldAddress.get(path) ?? path, title)}</li>`;
  });
  return `<p>${section.about.map(escape).join(" ")}</p><ol>${list.join("")}</ol>`;
}

function chapterBody(section: Section, title: string, at: number): string {
  const { about, chapters } = section;
  const neighbours = [chapters[at - 1], chapters[at + 1]].filter((name) => name !== undefined);
  const turn = (by: number): string => [...about.slice(by), ...about.slice(0, by)].map(escape).join(" ");
  return `<p>This chapter is about <em>${escape(title)}</em>, as it is understood in ${escape(section.title)}. ${turn(at % 4)}</p>
<p>${turn((at + 2) % 4)}</p>
<p>Before and after: ${neighbours.map((name) => link(chapterPath(section, name), name)).join(", ")}.</p>`;
}

function pathOf(section: Section): string {
  return `/${slug(section.title)}/`;
}

function chapterPath(section: Section, title: string): string {
  return `${pathOf(section)}${slug(title)}.html`;
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/^the /, "")
    .replace(/[^a-z]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

function link(href: string, text: string): string {
  return `<a href="${href}">${escape(text)}</a>`;
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
