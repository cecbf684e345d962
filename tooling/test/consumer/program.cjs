const assert = require("node:assert/strict");
const { taskGroup } = require("@cohort/node");

taskGroup((group) => [group.createTask(() => "joined")]).then(([task]) => assert.equal(task.result(), "joined"));
