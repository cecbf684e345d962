export {
  type Answer,
  type Command,
  PROTOCOL,
  type Refused,
  type RunCommand,
  type RunOptions,
  type StartCommand,
  type Started,
  type StopCommand,
} from "./protocol.ts";
export { DriverError, RemoteDriver, type RemoteDriverOptions } from "./remote-driver.ts";
export { runScenario, type ScenarioDriver } from "./run-scenario.ts";
export { serve } from "./serve.ts";
