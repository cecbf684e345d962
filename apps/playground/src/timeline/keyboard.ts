import type { TimelineView } from "./view.ts";
import { rowHeight } from "./rows.ts";

/** Moves through the lanes as the tree grid pattern of ARIA says. Returns whether the key meant something. */
export function handleKey(key: string, view: TimelineView): boolean {
  const { lanes, parents, rowOf } = view.rows.value;
  const row = view.selectedRow;
  const lane = row === undefined ? undefined : lanes[row];
  const page = Math.max(1, Math.floor(view.height.value / rowHeight) - 1);
  const move = (to: number): true => {
    view.selectRow(to);
    return true;
  };
  switch (key) {
    case "ArrowDown":
      return move(row === undefined ? 0 : row + 1);
    case "ArrowUp":
      return move(row === undefined ? 0 : row - 1);
    case "PageDown":
      return move((row ?? 0) + page);
    case "PageUp":
      return move((row ?? 0) - page);
    case "Home":
      return move(0);
    case "End":
      return move(lanes.length - 1);
    case "ArrowLeft": {
      if (lane === undefined) return move(0);
      if (parents.has(lane.id) && !view.folded.value.has(lane.id)) view.fold(lane.id, true);
      else if (lane.parent !== undefined) move(rowOf.get(lane.parent) ?? 0);
      return true;
    }
    case "ArrowRight": {
      if (lane === undefined) return move(0);
      if (view.folded.value.has(lane.id)) view.fold(lane.id, false);
      else if (parents.has(lane.id)) move(row! + 1);
      return true;
    }
    case "Escape":
      view.selected.value = undefined;
      return true;
    case "+":
    case "=":
      view.zoom(1.5);
      return true;
    case "-":
      view.zoom(1 / 1.5);
      return true;
    case "0":
      view.fit();
      return true;
    case "<":
    case ",":
      view.pan(-0.25);
      return true;
    case ">":
    case ".":
      view.pan(0.25);
      return true;
    default:
      return false;
  }
}
