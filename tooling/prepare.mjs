/**
 * Gets everything ready to run, from nothing but Node (18 or newer) and npm:
 *
 *   node tooling/prepare.mjs                     the tools and the dependencies
 *   node tooling/prepare.mjs --build[=package]   and what is built: everything, or one package and what it stands on
 *
 * This file and `setup/` run on the machine's own Node, so they're plain JavaScript without dependencies.
 */

import { step } from "./setup/child.mjs";
import { giveUp, prepare } from "./setup/prepare.mjs";

try {
  const here = await prepare();
  for (const argument of process.argv.slice(2)) {
    const [, name] = /^--build(?:=(.+))?$/.exec(argument) ?? giveUsage(argument);
    const filter = name === undefined ? [] : [`--filter=${name}`];
    await step("turbo", ["run", "build", ...filter], { ...here, announce: "building (turbo run build)" });
  }
} catch (error) {
  giveUp(error);
}

/**
 * @param {string} argument
 * @returns {never}
 */
function giveUsage(argument) {
  throw new Error(`${argument}: the only option is --build[=package]`);
}
