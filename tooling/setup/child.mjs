import { spawn } from "node:child_process";

/** @typedef {{ cwd: string, env: NodeJS.ProcessEnv }} Place */

/**
 * One short line for the person who reads. On stderr: stdout belongs to the command.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`· ${line}\n`);
}

/**
 * A child process; on Windows through the shell, which alone can start the `.cmd` files that npm and pnpm write.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export function start(command, args, options) {
  const shell = process.platform === "win32" && !/\.exe$/i.test(command);
  return spawn(command, args, { ...options, shell });
}

/**
 * Runs a command to its end and keeps what it prints; shows it as well, if asked.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Place & { show?: boolean }} options
 * @returns {Promise<{ ok: boolean, ending: string, stdout: string, output: string }>}
 */
export async function capture(command, args, { show = false, ...place }) {
  /** @type {Buffer[]} */
  const stdout = [];
  /** @type {Buffer[]} */
  const output = [];
  const ending = await new Promise((resolve) => {
    const child = start(command, args, { ...place, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout?.on("data", (data) => (stdout.push(data), output.push(data)));
    child.stderr?.on("data", (data) => output.push(data));
    if (show) {
      child.stdout?.pipe(process.stdout, { end: false });
      child.stderr?.pipe(process.stderr, { end: false });
    }
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(signal ? `ended by ${signal}` : `exited with ${code}`));
  });
  const text = (/** @type {Buffer[]} */ chunks) => Buffer.concat(chunks).toString();
  return { ok: ending === "exited with 0", ending, stdout: text(stdout), output: text(output) };
}

/**
 * Runs a step of the preparations. What it prints is shown only if it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Place & { announce?: string }} options `announce` is said once the step has taken a second
 * @returns {Promise<void>}
 */
export async function step(command, args, { announce, ...place }) {
  const announcing = announce && setTimeout(say, 1000, announce);
  const { ok, ending, output } = await capture(command, args, place);
  clearTimeout(announcing);
  if (ok) return;
  process.stderr.write(output);
  throw new Error(`${command} ${args.join(" ")}: ${ending}`);
}
