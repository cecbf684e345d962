// @boundaries-ignore as src/cohort.ts has it
import { adapter } from "#cohort";

console.log(adapter.name);
