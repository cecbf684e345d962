/** A table, padded as the formatter pads it. The first row is the head; columns other than the first are right-aligned if so asked. */
export function markdownTable(rows: readonly (readonly string[])[], align: "left" | "right" = "left"): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const padded = rows.map((row) =>
    line(
      widths.map((width, at) =>
        at > 0 && align === "right" ? cell(row, at).padStart(width) : cell(row, at).padEnd(width),
      ),
    ),
  );
  const rule = line(
    widths.map((width, at) => (at > 0 && align === "right" ? `${"-".repeat(width - 1)}:` : "-".repeat(width))),
  );
  return [padded[0], rule, ...padded.slice(1)].join("\n");
}

function cell(row: readonly string[], column: number): string {
  return row[column] ?? "";
}
