import { detach, runtime } from "@cohort/universal";
import { virtualTest } from "@cohort/testing/node-test";

const test = virtualTest(runtime);

test("a task that is left behind fails its test", () => {
  detach(({ sleep }) => sleep(1000), { name: "forgotten" }).catch(() => {});
});
