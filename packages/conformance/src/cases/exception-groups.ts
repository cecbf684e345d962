import type { Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";

const base: readonly Capability[] = ["BaseExceptionGroup"];
const both: readonly Capability[] = ["BaseExceptionGroup", "ExceptionGroup"];
const fatal: readonly Capability[] = ["BaseException", "KeyboardInterrupt", "SystemExit"];

/** EG-0 and EG-1: the classes. */
export const exceptionGroups: readonly Case[] = [
  caseOf(
    "EG-0",
    "cancelled-error",
    "CancelledError is an Error, and no BaseException",
    { needs: ["CancelledError", "BaseException"] },
    ({ api: { BaseException, CancelledError } }) => {
      const error = new CancelledError("enough");
      instance(error, Error, "it");
      check(!(error instanceof BaseException), "it should be no BaseException");
    },
  ),

  caseOf(
    "EG-0",
    "base-exceptions",
    "KeyboardInterrupt and SystemExit are BaseExceptions, which are Errors; each is called by its name",
    { needs: fatal },
    ({ api: { BaseException, KeyboardInterrupt, SystemExit } }) => {
      for (const error of [new KeyboardInterrupt(), new SystemExit(3)]) {
        instance(error, BaseException, "it");
        instance(error, Error, "it");
      }
      const names = [new KeyboardInterrupt(), new SystemExit()].map(({ name }) => name);
      equal(names, ["KeyboardInterrupt", "SystemExit"], "the names");
      check(!(new KeyboardInterrupt() instanceof SystemExit), "the two should be told apart");
      check(!(new Error("x") instanceof BaseException), "a plain Error should be none");
    },
  ),

  caseOf(
    "EG-0",
    "exit-code",
    "SystemExit carries its exit code, 0 by default",
    { needs: ["SystemExit"] },
    ({ api: { SystemExit } }) => {
      equal([new SystemExit(3).exitCode, new SystemExit().exitCode], [3, 0], "the exit codes");
    },
  ),

  caseOf(
    "EG-1",
    "aggregate-error",
    "ExceptionGroup is a BaseExceptionGroup, which is an AggregateError",
    { needs: both },
    ({ api: { BaseExceptionGroup, ExceptionGroup } }) => {
      const group = new ExceptionGroup("m", [new Error("a")]);
      instance(group, BaseExceptionGroup, "it");
      instance(group, AggregateError, "it");
      equal([group.message, group.name], ["m", "ExceptionGroup"], "message and name");
      check(!(new AggregateError([1]) instanceof BaseExceptionGroup), "the platform's should be none");
    },
  ),

  caseOf(
    "EG-1",
    "frozen",
    "`errors` is frozen, and can't be replaced",
    { needs: both },
    ({ api: { ExceptionGroup } }) => {
      const group = new ExceptionGroup("m", [new Error("a")]);
      const { errors } = group;
      check(Object.isFrozen(errors), "`errors` should be frozen");
      thrownBy(() => errors.push(new Error("b")), "to push an error");
      thrownBy(() => Object.assign(group, { errors: [] }), "to replace `errors`");
      same(group.errors, errors, "`errors` afterwards");
    },
  ),

  caseOf("EG-1", "alias", "`exceptions` is `errors`", { needs: both }, ({ api: { ExceptionGroup } }) => {
    const group = new ExceptionGroup("m", [new Error("a")]);
    same(group.exceptions, group.errors, "`exceptions`");
  }),

  caseOf(
    "EG-1",
    "own-copy",
    "takes any iterable of errors, and keeps a copy",
    { needs: both },
    ({ api: { ExceptionGroup } }) => {
      const list: unknown[] = ["a", "b"];
      const group = new ExceptionGroup("m", list);
      list.push("c");
      equal(group.errors, ["a", "b"], "the errors");
      equal(new ExceptionGroup("m", new Set(["a", "b"])).errors, ["a", "b"], "the errors of a set");
    },
  ),

  caseOf("EG-1", "empty", "a group of nothing is a RangeError", { needs: both }, ({ api }) => {
    for (const Group of [api.ExceptionGroup, api.BaseExceptionGroup]) {
      instance(
        thrownBy(() => new Group("m", [])),
        RangeError,
        "what is thrown",
      );
      instance(
        thrownBy(() => new Group("m", new Set())),
        RangeError,
        "what is thrown",
      );
    }
  }),

  caseOf(
    "EG-1",
    "any-member",
    "holds whatever can be thrown, undefined, null and frozen errors too, and changes none of it",
    { needs: both },
    ({ api: { ExceptionGroup } }) => {
      const members = [undefined, null, 0, "", Symbol("s"), Object.freeze(new Error("frozen"))];
      const group = new ExceptionGroup<unknown>("m", members);
      equal(group.errors.length, members.length, "how many there are");
      for (const [index, member] of members.entries()) same(group.errors[index], member, "each of them");
    },
  ),

  caseOf(
    "EG-1",
    "base-of-plain",
    "new BaseExceptionGroup of plain errors gives an ExceptionGroup",
    { needs: both },
    ({ api: { BaseExceptionGroup, ExceptionGroup } }) => {
      const group = new BaseExceptionGroup("m", [new Error("a"), new ExceptionGroup("n", [1])], { cause: 0 });
      instance(group, ExceptionGroup, "it");
      equal([group.name, group.cause], ["ExceptionGroup", 0], "name and cause");
    },
  ),

  caseOf(
    "EG-1",
    "base-of-base",
    "new BaseExceptionGroup of a BaseException, however deep, gives no ExceptionGroup",
    { needs: [...both, "KeyboardInterrupt"] },
    ({ api: { BaseExceptionGroup, ExceptionGroup, KeyboardInterrupt } }) => {
      const inner = new BaseExceptionGroup("n", [new KeyboardInterrupt(), 2]);
      const outer = new BaseExceptionGroup("m", [new Error("a"), inner]);
      for (const group of [inner, outer]) {
        check(!(group instanceof ExceptionGroup), "it should be no ExceptionGroup");
        equal(group.name, "BaseExceptionGroup", "its name");
      }
    },
  ),

  caseOf(
    "EG-1",
    "exception-group-of-base",
    "an ExceptionGroup of a BaseException, or of a group with one, is a TypeError",
    { needs: [...both, "SystemExit"] },
    ({ api: { BaseExceptionGroup, ExceptionGroup, SystemExit } }) => {
      const exit = new SystemExit(1);
      instance(
        thrownBy(() => new ExceptionGroup("m", [exit])),
        TypeError,
        "what is thrown",
      );
      const inner = new BaseExceptionGroup("n", [exit]);
      instance(
        thrownBy(() => new ExceptionGroup("m", [1, inner])),
        TypeError,
        "what is thrown",
      );
    },
  ),

  caseOf(
    "EG-1",
    "subclasses",
    "subclasses keep to the rules of the class that they extend",
    { needs: [...both, "BaseException"] },
    ({ api: { BaseException, BaseExceptionGroup, ExceptionGroup } }) => {
      class Plain extends ExceptionGroup {}
      class Base extends BaseExceptionGroup {}
      instance(
        thrownBy(() => new Plain("m", [new BaseException("x")])),
        TypeError,
        "what is thrown",
      );
      instance(new Base("m", [new Error("a")]), Base, "one of plain errors");
      instance(new Base("m", [new BaseException("x")]), Base, "one of a BaseException");
    },
  ),

  caseOf(
    "EG-1",
    "cause",
    "keeps the cause that is given, null too, and has none if none is given",
    { needs: both },
    ({ api: { ExceptionGroup } }) => {
      same(new ExceptionGroup("m", [1], { cause: null }).cause, null, "the cause");
      check(!Object.hasOwn(new ExceptionGroup("m", [1]), "cause"), "there should be no cause");
    },
  ),

  caseOf(
    "EG-1",
    "bad-arguments",
    "a message that is no string, or errors that aren't iterable, are a TypeError",
    { needs: both },
    ({ api: { ExceptionGroup } }) => {
      for (const message of [undefined, null, 1]) {
        instance(
          thrownBy(() => new ExceptionGroup(message as never, [1])),
          TypeError,
          "what is thrown",
        );
      }
      for (const errors of [undefined, null, 1, {}]) {
        instance(
          thrownBy(() => new ExceptionGroup("m", errors as never)),
          TypeError,
          "what is thrown",
        );
      }
    },
  ),

  caseOf(
    "EG-1",
    "out-of-a-block",
    "what comes out of a block is such a group, its errors frozen",
    { needs: both },
    async ({ api }) => {
      const block = api.taskGroup(
        (group) => void group.createTask(() => Promise.reject(Object.freeze(new Error("a")))),
      );
      const error = await rejectionOf(block, "the block");
      instance(error, api.ExceptionGroup, "what it rejects with");
      check(Object.isFrozen(error.errors), "its errors should be frozen");
    },
  ),

  caseOf(
    "EG-1",
    "instances-only",
    "instanceof says no of whatever else can be thrown, and never throws",
    { needs: base },
    ({ api: { BaseExceptionGroup } }) => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      for (const value of [undefined, null, 1, "x", Object.create(null), { errors: [1] }, proxy]) {
        check(!((value as unknown) instanceof BaseExceptionGroup), "it should be no instance");
      }
    },
  ),
];
