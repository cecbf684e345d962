import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { timeAt } from "./time-window.ts";
import type { TimelineView } from "./view.ts";

/** Zooms by ctrl and wheel (which is what a trackpad's pinch sends) and pans by dragging or a sideways wheel. */
export function usePointer(host: RefObject<HTMLDivElement | null>, view: TimelineView): void {
  useEffect(() => {
    const canvas = host.current!;
    // The rows lie over the canvas: events come to what holds both.
    const pane = canvas.parentElement!;
    const ended = new AbortController();
    const { signal } = ended;
    const xOf = (event: MouseEvent) => event.clientX - canvas.getBoundingClientRect().left;

    // Not passive: the browser would zoom the page.
    const wheel = (event: WheelEvent) => {
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (event.ctrlKey) {
        event.preventDefault();
        view.zoom(Math.exp(-event.deltaY / 200), timeAt(xOf(event), view.window.value, view.width.value));
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        event.preventDefault();
        view.pan(sideways / view.width.value);
      }
    };
    pane.addEventListener("wheel", wheel, { signal, passive: false });

    let dragged: { readonly pointer: number; x: number } | undefined;
    pane.addEventListener(
      "pointerdown",
      (event) => {
        // What fits has nothing to drag, and a click on the names is a selection.
        if (event.button === 0 && !view.fits.value && xOf(event) > 0)
          dragged = { pointer: event.pointerId, x: event.clientX };
      },
      { signal },
    );
    const move = (event: PointerEvent) => {
      if (dragged?.pointer !== event.pointerId) return;
      view.pan((dragged.x - event.clientX) / view.width.value);
      dragged.x = event.clientX;
    };
    const release = (event: PointerEvent) => {
      if (dragged?.pointer === event.pointerId) dragged = undefined;
    };
    // On the window: a drag goes on outside of the pane.
    addEventListener("pointermove", move, { signal });
    addEventListener("pointerup", release, { signal });
    addEventListener("pointercancel", release, { signal });
    return () => ended.abort();
  }, [host, view]);
}
