import { preact } from "@preact/preset-vite";
import { type Connect, defaultClientConditions, defineConfig, type Plugin } from "vite";
import { answerRequest } from "./src/server/answer-request.ts";

/** What the programs ask for, under vite's own servers. */
const endpoints: Plugin = {
  name: "playground-endpoints",
  configureServer: ({ middlewares }) => void middlewares.use(answer),
  configurePreviewServer: ({ middlewares }) => void middlewares.use(answer),
};

function answer(...[request, response, next]: Parameters<Connect.NextHandleFunction>): void {
  answerRequest(request, response).then((end) => {
    if (end === undefined) next();
  }, next);
}

export default defineConfig({
  // Static files that can be put anywhere.
  base: "./",
  plugins: [preact(), endpoints],
  // The packages of this workspace are bundled from their source: nothing need be built first.
  resolve: { conditions: ["@cohort/source", ...defaultClientConditions] },
  worker: { format: "es" },
  build: {
    // CodeMirror with its language is half a megabyte, 170 kB on the wire.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      // What changes least is fetched once.
      output: {
        codeSplitting: {
          groups: [
            { name: "editor", test: /node_modules\/(@?codemirror|@lezer|crelt|style-mod|w3c-keyname)/ },
            { name: "drawing", test: /node_modules\/konva/ },
          ],
        },
      },
    },
  },
});
