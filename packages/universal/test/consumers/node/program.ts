import { readFile } from "node:fs/promises";
import { taskGroup } from "@cohort/universal";
import { same } from "../same.ts";

export const read = (paths: readonly string[]) =>
  taskGroup({ limit: 8 }, async ({ createTask }) =>
    Promise.all(
      paths.map((path) => createTask(({ signal }) => readFile(path, { encoding: "utf8", signal }), { name: path })),
    ),
  );
same<ReturnType<typeof read>, Promise<string[]>>(true);
