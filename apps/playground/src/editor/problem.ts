import { StateEffect, StateField, type EditorState, type Extension } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";

/** Why a program can't be run, and where it says so; lines count from 1. */
export interface Problem {
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Shows a problem under its line, or takes it away. */
export const setProblem = StateEffect.define<Problem | undefined>();

class Message extends WidgetType {
  readonly message: string;

  constructor(message: string) {
    super();
    this.message = message;
  }

  override eq(other: Message): boolean {
    return other.message === this.message;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement("div");
    element.className = "cm-problem-message";
    element.textContent = this.message;
    return element;
  }
}

function decorationsOf({ message, line, column }: Problem, { doc }: EditorState): DecorationSet {
  const at = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  const from = Math.min(at.from + Math.max((column ?? 1) - 1, 0), at.to);
  const mark = from < at.to ? [Decoration.mark({ class: "cm-problem-mark" }).range(from, from + 1)] : [];
  return Decoration.set([
    Decoration.line({ class: "cm-problem-line" }).range(at.from),
    ...mark,
    Decoration.widget({ widget: new Message(message), block: true, side: 1 }).range(at.to),
  ]);
}

const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setProblem)) {
        return effect.value === undefined ? Decoration.none : decorationsOf(effect.value, transaction.state);
      }
    }
    // Whoever edits is at work on it: what was wrong may be right by now.
    return transaction.docChanged ? Decoration.none : shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const problems: Extension = problemField;
