import { fileURLToPath } from "node:url";
import { environment } from "../setup/environment.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the repository's own commands run. */
export const here = { cwd: root, env: environment(root) };
