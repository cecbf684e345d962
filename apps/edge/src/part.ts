/** What a product page is put together from. */
export const partNames = ["product", "price", "stock", "reviews", "related"] as const;
export type PartName = (typeof partNames)[number];

/** A page without these is no page. */
const required: readonly PartName[] = ["product", "price"];

export function isPartName(name: string): name is PartName {
  return (partNames as readonly string[]).includes(name);
}

export function isRequired(part: PartName): boolean {
  return required.includes(part);
}

/** A part that isn't in the answer, and why. */
export interface MissingPart {
  readonly part: PartName;
  readonly why: "too slow" | "failed" | "unknown";
  readonly detail?: string;
}

export type PartResult =
  | { readonly part: PartName; readonly value: unknown }
  | { readonly part: PartName; readonly missing: MissingPart };
