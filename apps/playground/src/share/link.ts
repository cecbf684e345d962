import { deflateSync, Inflate, strFromU8, strToU8 } from "fflate";

/** What a link carries: a program as it stands, and how to run it. */
export interface SharedProgram {
  /** The id of the program that it began as. */
  readonly program: string | undefined;
  readonly source: string;
  readonly mode: "real" | "virtual";
}

export type Link =
  | ({ readonly kind: "program" } & SharedProgram)
  /** The message says what is wrong, for people. */
  | { readonly kind: "broken"; readonly message: string };

/** A program that no link can carry. */
export class ProgramTooLong extends Error {
  override readonly name = "ProgramTooLong";
  readonly code = "PLAYGROUND_PROGRAM_TOO_LONG";
}

/** Why a link can't be read, as the end of a sentence. */
class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Links begin with it; one that doesn't carries no program. A later form gets the next number. */
const PREFIX = "#p";
const VERSION = "1";
/** In characters. Browsers take more; what opens links doesn't always. */
const LONGEST_LINK = 200_000;
/** Of what a link unpacks to, in bytes. */
const LONGEST_SOURCE = 1_000_000;

/**
 * The fragment of a link to the program, beginning with "#": one that `readLink` reads. Throws a ProgramTooLong if there can
 * be none.
 */
export function writeLink({ program, source, mode }: SharedProgram): string {
  // JSON, because it keeps every string whole, also one with half a surrogate pair.
  const bytes = strToU8(JSON.stringify([mode, program ?? null, source]));
  if (bytes.length > LONGEST_SOURCE) throw tooLong("program", bytes.length, LONGEST_SOURCE);
  const link = `${PREFIX}${VERSION}.${checksum(bytes)}.${toBase64(deflateSync(bytes, { level: 9 }))}`;
  if (link.length > LONGEST_LINK) throw tooLong("link", link.length, LONGEST_LINK);
  return link;
}

function tooLong(what: "program" | "link", length: number, most: number): ProgramTooLong {
  return new ProgramTooLong(`the ${what} is ${length} long, and can be no longer than ${most}`);
}

/**
 * What a fragment carries: undefined if it is no link to a program, "broken" with a message if it is one that can't be read
 * any more. Never throws.
 */
export function readLink(fragment: string): Link | undefined {
  if (!fragment.startsWith(PREFIX)) return undefined;
  if (fragment.length > LONGEST_LINK) return broken("it is longer than any program");
  const [version, sum, data] = fragment.slice(PREFIX.length).split(".");
  if (!/^\d+$/.test(version ?? "")) return undefined;
  if (version !== VERSION) return broken("it was made by another version of this page");
  if (sum === undefined || data === undefined || data === "") return broken("its end is missing");
  try {
    const bytes = inflate(fromBase64(data));
    if (checksum(bytes) !== sum) return broken("it isn’t complete, or has been changed on its way");
    return sharedFrom(JSON.parse(strFromU8(bytes)));
  } catch (error) {
    return broken(error instanceof Unreadable ? error.message : "it isn’t complete, or has been changed on its way");
  }
}

function sharedFrom(value: unknown): Link {
  const [mode, program, source] = Array.isArray(value) ? (value as unknown[]) : [];
  const isProgram =
    (mode === "real" || mode === "virtual") &&
    (program === null || typeof program === "string") &&
    typeof source === "string";
  if (!isProgram) return broken("what it carries is no program");
  return { kind: "program", program: program ?? undefined, source, mode };
}

function broken(why: string): Link {
  return { kind: "broken", message: `The link can’t be read: ${why}.` };
}

/** Stops at the length of the longest program: a short text can unpack to gigabytes. */
function inflate(packed: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  const stream = new Inflate((chunk, isLast) => {
    length += chunk.length;
    if (length > LONGEST_SOURCE) throw new Unreadable("what it carries is longer than any program");
    chunks.push(chunk);
    isWhole ||= isLast;
  });
  // In pieces, or a bomb would be unpacked before anybody is asked.
  const PIECE = 1024;
  for (let at = 0; at < packed.length; at += PIECE)
    stream.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
  if (!isWhole) throw new Unreadable("its end is missing");
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** FNV-1a, in base 36: tells a mangled link from a whole one; it is no protection against anybody. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
