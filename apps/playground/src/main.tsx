import { render } from "preact";
import { App } from "./page/App.tsx";
import { Workbench } from "./page/workbench.ts";
import { applyTheme } from "./theme/theme.ts";

applyTheme();
render(<App bench={new Workbench()} />, document.getElementById("app")!);
