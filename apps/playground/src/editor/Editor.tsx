import { javascript } from "@codemirror/lang-javascript";
import { defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Prec } from "@codemirror/state";
import { oneDarkHighlightStyle } from "@codemirror/theme-one-dark";
import { EditorView, keymap } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { theme, type Theme } from "../theme/theme.ts";
import { problems, setProblem, type Problem } from "./problem.ts";

interface EditorProperties {
  readonly source: string;
  readonly problem: Problem | undefined;
  readonly onChange: (source: string) => void;
  /** Ctrl or Cmd with Enter. */
  readonly onRun: () => void;
}

const themeOf = (shown: Theme) => [
  EditorView.theme({}, { dark: shown === "dark" }),
  syntaxHighlighting(shown === "dark" ? oneDarkHighlightStyle : defaultHighlightStyle),
];

/** Marks a text that was put into the editor rather than written in it. */
const given = Annotation.define<true>();

/** The program's text. Tab leaves it, as in any field of a page. */
export function Editor({ source, problem, onChange, onRun }: EditorProperties) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const appearance = useRef(new Compartment());
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  const shown = theme.value;

  useLayoutEffect(() => {
    const view = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: source,
        extensions: [
          // Before the editor's own keys, which make Ctrl and Enter a new line.
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (handlers.current.onRun(), true) }])),
          basicSetup,
          javascript({ typescript: false }),
          appearance.current.of(themeOf(shown)),
          problems,
          EditorView.contentAttributes.of({ "aria-label": "Program", spellcheck: "false", tabindex: "0" }),
          // What was given is known. To tell of it would undo what was given meanwhile, and that would undo this, for ever.
          EditorView.updateListener.of(({ transactions, state }) => {
            const isWritten = transactions.some((each) => each.docChanged && each.annotation(given) === undefined);
            if (isWritten) handlers.current.onChange(state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => view.destroy();
    // Made once: what changes later is dispatched to it below.
  }, []);

  useEffect(() => {
    editor.current!.dispatch({ effects: appearance.current.reconfigure(themeOf(shown)) });
  }, [shown]);

  // Before the next key: later it would take back what that has written.
  useLayoutEffect(() => {
    const { state } = editor.current!;
    if (state.doc.toString() === source) return;
    editor.current!.dispatch({
      changes: { from: 0, to: state.doc.length, insert: source },
      selection: { anchor: 0 },
      annotations: given.of(true),
    });
    editor.current!.scrollDOM.scrollTop = 0;
  }, [source]);

  useEffect(() => {
    editor.current!.dispatch({ effects: setProblem.of(problem) });
  }, [problem]);

  return <div ref={host} class="editor" />;
}
