/** The icons of the controls; each stands beside its words, or in a button that has a name. */
export type IconName = keyof typeof paths;

const paths = {
  run: "M4 2.5L13.5 8L4 13.5Z",
  cancel: "M3 3H13V13H3Z",
  kill: "M8 1.5L14.5 8L8 14.5L1.5 8ZM5.2 6.3L6.9 8L5.2 9.7L6.3 10.8L8 9.1L9.7 10.8L10.8 9.7L9.1 8L10.8 6.3L9.7 5.2L8 6.9L6.3 5.2Z",
  back: "M3 3H5V13H3ZM13.5 3V13L6 8Z",
  forward: "M11 3H13V13H11ZM2.5 3V13L10 8Z",
  pause: "M4 2.5H7V13.5H4ZM9 2.5H12V13.5H9Z",
  replay: "M8 2.6V0.5L12.2 3.6L8 6.7V4.6a4.2 4.2 0 1 0 4.2 4.2h2A6.2 6.2 0 1 1 8 2.6Z",
  end: "M2 3V13L8 8.6V13L14 8L8 3V7.4Z",
  link: "M6.6 9.4a3 3 0 0 0 4.3 0l2.4-2.4a3 3 0 0 0-4.3-4.3L7.9 3.9l1.1 1.1 1.1-1.2a1.5 1.5 0 0 1 2.1 2.2L9.8 8.3a1.5 1.5 0 0 1-2.1 0ZM9.4 6.6a3 3 0 0 0-4.3 0L2.7 9a3 3 0 0 0 4.3 4.3l1.1-1.2L7 11l-1.1 1.2a1.5 1.5 0 0 1-2.1-2.2l2.4-2.3a1.5 1.5 0 0 1 2.1 0Z",
  closer: "M7 3H9V7H13V9H9V13H7V9H3V7H7Z",
  further: "M3 7H13V9H3Z",
  reset: "M8 2.6V0.5L3.8 3.6L8 6.7V4.6a4.2 4.2 0 1 1-4.2 4.2h-2A6.2 6.2 0 1 0 8 2.6Z",
} as const;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
