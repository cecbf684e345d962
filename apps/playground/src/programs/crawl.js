// A crawl. Every page links to others, and at most three are fetched at a time.
const seen = new Set();

export default async function main({ taskGroup }) {
  await taskGroup({ name: "crawl", limit: 3 }, (crawl) => {
    function visit(path) {
      if (seen.has(path)) return;
      seen.add(path);
      crawl.createTask(
        async ({ signal }) => {
          const response = await fetch(path, { signal });
          const { title, links } = await response.json();
          // The group waits for newcomers too, although its body has returned.
          for (const link of links) visit(link);
          return title;
        },
        { name: path },
      );
    }
    visit("/api/page/1");
  });
  console.log(`${seen.size} pages seen`);
  return seen.size;
}
