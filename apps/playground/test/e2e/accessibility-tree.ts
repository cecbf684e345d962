import type { PlaygroundPage } from "./playground-page.ts";

export interface AccessibleRow {
  readonly level: number | undefined;
  readonly isExpanded: boolean | undefined;
  /** Role and name of each cell. */
  readonly cells: readonly string[];
}

interface AccessibleNode {
  readonly nodeId: string;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly childIds?: readonly string[];
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

/** A lane's row as Chromium hands it to a screen reader. */
export async function accessibleRow({ page }: PlaygroundPage, lane: string): Promise<AccessibleRow> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send("Accessibility.getFullAXTree")) as {
    readonly nodes: readonly AccessibleNode[];
  };
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const named = (node: AccessibleNode) => `${node.role?.value} ${node.name?.value}`;
  for (const row of nodes) {
    if (row.role?.value !== "row") continue;
    const cells = (row.childIds ?? []).map((id) => named(byId.get(id)!));
    if (!cells.some((cell) => cell === `rowheader ${lane}` || cell.startsWith(`rowheader ${lane} ,`))) continue;
    const property = (name: string) => row.properties?.find((each) => each.name === name)?.value.value;
    const expanded = property("expanded");
    return {
      level: property("level") as number | undefined,
      isExpanded: expanded === undefined ? undefined : expanded === true || expanded === "true",
      cells,
    };
  }
  throw new Error(`the accessibility tree has no lane "${lane}"`);
}
