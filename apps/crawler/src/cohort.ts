// The line that differs from runtime to runtime stands in package.json, under "imports".
// @boundaries-ignore whichever package it names is a dependency of this one
export {
  CancelledError,
  ExceptionGroup,
  formatException,
  KeyboardInterrupt,
  main,
  now,
  type Scope,
  SystemExit,
  type TaskGroup,
  type TaskScope,
  TimeoutError,
} from "#cohort";
