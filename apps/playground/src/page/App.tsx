import { useEffect } from "preact/hooks";
import { Announcer } from "./Announcer.tsx";
import { Details } from "./Details.tsx";
import { Header } from "./Header.tsx";
import { ProgramPanel } from "./ProgramPanel.tsx";
import { TimelinePanel } from "./TimelinePanel.tsx";
import type { Workbench } from "./workbench.ts";

export function App({ bench }: { readonly bench: Workbench }) {
  useEffect(() => {
    void bench.lookForServer();
    return bench.followLink();
  }, [bench]);
  return (
    <>
      <a class="skip" href="#timeline">
        Skip to the timeline
      </a>
      <Header />
      <main class="bench">
        <div class="side">
          <ProgramPanel bench={bench} />
        </div>
        <div class="stage">
          <TimelinePanel bench={bench} />
          <Details bench={bench} />
        </div>
      </main>
      <Announcer />
    </>
  );
}
