const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Text from outside on its way to a terminal: one line, no control sequence, at most `length` characters. */
export function printable(text: string, length = 200): string {
  const line = text.replace(UNPRINTABLE, " ");
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** Shortens from the middle: both ends of an address tell more than its centre. */
export function fit(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`;
}

/** 1 page, 2 pages. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1000).toFixed(2)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
