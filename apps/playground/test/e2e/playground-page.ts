import type { Locator, Page } from "playwright-core";

/** The colour of arrows in the light theme. */
export const arrowRed = [0xc0, 0x26, 0x2d] as const;

/** The page as somebody in front of it knows it: by its roles and names. */
export class PlaygroundPage {
  readonly page: Page;
  readonly lanes: Locator;
  readonly status: Locator;
  readonly alert: Locator;
  readonly editor: Locator;

  constructor(page: Page) {
    this.page = page;
    this.lanes = page.getByRole("treegrid", { name: "Tasks" });
    this.status = page.getByRole("status");
    this.alert = page.getByRole("alert");
    this.editor = page.getByRole("textbox", { name: "Program" });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** A lane's row, by the lane's name. */
  lane(name: string): Locator {
    return this.lanes.locator(`[data-lane=${JSON.stringify(name)}]`);
  }

  /** A lane once it is in a state. */
  laneIn(name: string, state: string): Locator {
    return this.lanes.locator(`[data-lane=${JSON.stringify(name)}][data-state=${JSON.stringify(state)}]`);
  }

  async pick(title: string): Promise<void> {
    await this.page.getByRole("combobox", { name: "Program" }).selectOption({ label: title });
  }

  async write(source: string): Promise<void> {
    await this.editor.fill(source);
  }

  /** The program in the editor. */
  async text(): Promise<string> {
    return (await this.editor.locator(".cm-line").allTextContents()).join("\n");
  }

  async choose(clock: "Real" | "Virtual"): Promise<void> {
    await this.page.getByRole("radio", { name: `${clock} time` }).check({ force: true });
  }

  /** Presses Tab until this has the focus. */
  async tabTo(wanted: Locator): Promise<void> {
    const focus = this.page.locator(":focus");
    for (let n = 0; n < 40; n++) {
      await this.page.keyboard.press("Tab");
      if ((await wanted.and(focus).count()) === 1) return;
    }
    throw new Error("Tab doesn't come there");
  }

  /** Runs the program and waits until it has ended, and until all of it shows. */
  async run(): Promise<void> {
    await this.button("Run").click();
    await this.ended();
  }

  async ended(): Promise<void> {
    await this.inPhase("ended");
    const replayed = this.page.getByRole("button", { name: "Replay", exact: true });
    await replayed.waitFor();
  }

  async inPhase(phase: string): Promise<void> {
    await this.page.locator(`.run-state[data-phase=${phase}]`).waitFor();
  }

  /** How many arrows' heads the canvas shows. */
  async arrowHeads(): Promise<number> {
    return Number(await this.page.locator(".timeline-canvas").getAttribute("data-arrow-heads"));
  }

  /** How many pixels of the canvas have this colour within a lane's row. */
  async pixelsIn(lane: string, colour: readonly [number, number, number]): Promise<number> {
    const row = (await this.lane(lane).boundingBox())!;
    return this.page.evaluate(
      ({ top, height, colour }) => {
        let count = 0;
        for (const canvas of document.querySelectorAll<HTMLCanvasElement>(".timeline-canvas canvas")) {
          const scale = canvas.width / canvas.clientWidth;
          const y = (top - canvas.getBoundingClientRect().top) * scale;
          const { data } = canvas.getContext("2d")!.getImageData(0, y, canvas.width, height * scale);
          for (let at = 0; at < data.length; at += 4) {
            if (colour.every((value, n) => data[at + n] === value)) count++;
          }
        }
        return count;
      },
      { top: row.y, height: row.height, colour },
    );
  }
}
