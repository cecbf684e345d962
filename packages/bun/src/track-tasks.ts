// The entry "@cohort/bun/task-context": importing it is asking for `currentTask()` from the first task on.
import { trackTasks } from "./task-context.ts";

trackTasks();
