import { type AnyNode, getLineInfo, type ImportDeclaration, type Literal, parse, type Program } from "acorn";
import { InvalidProgram } from "./invalid-program.ts";

/** The one module that programs can import. */
const LIBRARY = "@cohort/browser";

interface Edit {
  readonly start: number;
  readonly end: number;
}

/**
 * Makes a program fit to be imported: what it imports from the library comes from `libraryUrl`. Throws an InvalidProgram,
 * with its line and column, for what isn't JavaScript, for other imports, for names that the library hasn't got (of
 * `exported`), and for a program that exports nothing by default.
 */
export function linkProgram(source: string, libraryUrl: string, exported: ReadonlySet<string>): string {
  const program = parseProgram(source);
  const edits: Edit[] = [];
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") checkNames(source, node, exported);
    if (
      (node.type === "ImportDeclaration" ||
        node.type === "ExportNamedDeclaration" ||
        node.type === "ExportAllDeclaration") &&
      node.source != null
    )
      edits.push(librarySpecifier(source, node.source));
  }
  for (const node of nodesOf(program)) {
    if (node.type === "ImportExpression") edits.push(librarySpecifier(source, node.source));
  }
  checkDefault(program);
  let linked = source;
  for (const { start, end } of edits.sort((a, b) => b.start - a.start))
    linked = `${linked.slice(0, start)}${JSON.stringify(libraryUrl)}${linked.slice(end)}`;
  return linked;
}

function parseProgram(source: string): Program {
  try {
    return parse(source, { ecmaVersion: "latest", sourceType: "module" });
  } catch (error) {
    if (!(error instanceof SyntaxError) || !("pos" in error)) throw error;
    // Acorn puts the place at the end of its message as well; here it has fields of its own.
    const message = error.message.replace(/\s*\(\d+:\d+\)$/, "");
    throw new InvalidProgram(message, placeOf(source, Number(error.pos)), { cause: error });
  }
}

function librarySpecifier(source: string, node: AnyNode): Edit {
  const specifier = node.type === "Literal" ? (node as Literal).value : undefined;
  if (specifier === LIBRARY) return { start: node.start, end: node.end };
  const what = typeof specifier === "string" ? `"${specifier}"` : "what is worked out as it runs";
  throw new InvalidProgram(`a program here can import "${LIBRARY}", not ${what}`, placeOf(source, node.start));
}

/** Otherwise the browser would refuse the whole module, without saying where. */
function checkNames(
  source: string,
  { specifiers, source: from }: ImportDeclaration,
  exported: ReadonlySet<string>,
): void {
  if (from.value !== LIBRARY) return;
  for (const specifier of specifiers) {
    if (specifier.type === "ImportNamespaceSpecifier") continue;
    const name =
      specifier.type === "ImportDefaultSpecifier"
        ? "default"
        : specifier.imported.type === "Identifier"
          ? specifier.imported.name
          : String(specifier.imported.value);
    if (!exported.has(name))
      throw new InvalidProgram(`"${LIBRARY}" exports no "${name}"`, placeOf(source, specifier.start));
  }
}

function checkDefault(program: Program): void {
  const isDefault = program.body.some(
    (node) =>
      node.type === "ExportDefaultDeclaration" ||
      (node.type === "ExportNamedDeclaration" &&
        node.specifiers.some(
          ({ exported }) => (exported.type === "Identifier" ? exported.name : exported.value) === "default",
        )),
  );
  if (!isDefault)
    throw new InvalidProgram("a program exports the function to run: export default async function main(group) { … }");
}

/** Every node below, without recursion: what is pasted in can be nested deeper than the stack. */
function* nodesOf(root: Program): Generator<AnyNode, void, undefined> {
  const open: AnyNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) open.push(child);
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function placeOf(source: string, offset: number): { readonly line: number; readonly column: number } {
  const { line, column } = getLineInfo(source, offset);
  return { line, column: column + 1 };
}
