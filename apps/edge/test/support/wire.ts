/** A page as clients get it. */
export interface Page {
  readonly sku: string;
  readonly parts: Readonly<Record<string, unknown>>;
  readonly missing: readonly MissingPart[];
}

interface MissingPart {
  readonly part: string;
  readonly why: string;
  readonly detail?: string;
}

/** What they get in place of one. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly parts?: readonly { readonly part: string; readonly detail: string }[];
}

/** A line of a stream: a part, a pulse, or the last one. */
export interface Line {
  readonly waitingFor?: readonly string[];
  readonly part?: string;
  readonly value?: unknown;
  readonly missing?: MissingPart | readonly MissingPart[];
  readonly done?: boolean;
}
