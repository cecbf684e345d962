import { environment } from "../setup/environment.mjs";
import { root } from "../setup/prepare.mjs";

export { root };

/** Where the repository's own commands run. */
export const here = { cwd: root, env: environment(root) };
