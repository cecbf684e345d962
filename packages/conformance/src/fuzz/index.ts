export { findPython } from "../asyncio/find-python.ts";
export { startCPython } from "../asyncio/start-cpython.ts";
export { type LocalDriver, startPyodide } from "../asyncio/start-pyodide.ts";
export { type Behaviour, type ProgramDriver } from "./behaviour.ts";
export { fuzz, type FuzzDifference, type FuzzOptions, type FuzzReport } from "./fuzz.ts";
