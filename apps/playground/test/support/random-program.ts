import fc from "fast-check";

/** A piece of a program over `scope`; `depth` tells its variables apart. */
type Piece = (scope: string, depth: number) => string;

const ms = fc.integer({ min: 0, max: 40 });

const { piece } = fc.letrec<{ piece: Piece; pieces: Piece[] }>((tie) => ({
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    ms.map(
      (time): Piece =>
        (scope) =>
          `await ${scope}.sleep(${time});`,
    ),
    ms.map(
      (time): Piece =>
        (scope) =>
          `await ${scope}.sleep(${time}); throw new Error("after ${time}");`,
    ),
    fc.constant<Piece>((scope) => `console.log(${scope}.name);`),
    fc
      .tuple(
        fc.array(tie("pieces"), { maxLength: 4 }),
        tie("pieces"),
        fc.record({
          limit: fc.option(fc.integer({ min: 1, max: 3 })),
          failFast: fc.boolean(),
          memberCancel: fc.boolean(),
          timeout: fc.option(ms),
        }),
      )
      .map(([members, body, options]): Piece => (scope, depth) => {
        const given = JSON.stringify(options, (_, value: unknown) => value ?? undefined);
        const tasks = members.map(
          (member) => `g${depth}.createTask(async (t${depth}) => {${all(member, `t${depth}`, depth + 1)}});`,
        );
        return `await ${scope}.taskGroup(${given}, async (g${depth}) => {${tasks.join("")}${all(body, `g${depth}`, depth + 1)}});`;
      }),
    fc.tuple(fc.constantFrom("failAfter", "moveOnAfter"), ms, tie("pieces")).map(
      ([kind, time, body]): Piece =>
        (scope, depth) =>
          `await ${scope}.${kind}(${time}, async (d${depth}) => {${all(body, `d${depth}`, depth + 1)}});`,
    ),
    tie("pieces").map(
      (body): Piece =>
        (scope, depth) =>
          `await ${scope}.shield(async (s${depth}) => {${all(body, `s${depth}`, depth + 1)}});`,
    ),
    fc.tuple(tie("pieces"), tie("pieces")).map(
      ([body, cleanup]): Piece =>
        (scope, depth) =>
          `try {${all(body, scope, depth + 1)}} catch {${all(cleanup, scope, depth + 1)}}`,
    ),
    fc.constant<Piece>((scope) => `${scope}.cancel?.();`),
  ),
  pieces: fc.array(tie("piece"), { maxLength: 3, depthIdentifier: "program" }),
}));

function all(pieces: readonly Piece[], scope: string, depth: number): string {
  return pieces.map((each) => each(scope, depth)).join(" ");
}

/** Programs of groups, deadlines, shields, failures and cleanups, nested at random. */
export const randomProgram: fc.Arbitrary<string> = fc
  .array(piece, { minLength: 1, maxLength: 3 })
  .map((pieces) => `export default async function main(group) {\n${all(pieces, "group", 0)}\n}`);
