import { computed, effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";

/** What somebody chose; `system` follows the system as it changes. */
export type ThemeChoice = Theme | "system";

export const themeChoices: readonly ThemeChoice[] = ["system", "light", "dark"];

const key = "cohort-playground-theme";

/** Kept where the browser lets a page keep something; else for as long as the page lives. */
export const themeChoice = signal<ThemeChoice>(stored());

const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = signal<Theme>(darkSystem.matches ? "dark" : "light");

/** The theme that shows. */
export const theme = computed<Theme>(() => (themeChoice.value === "system" ? systemTheme.value : themeChoice.value));

/** Keeps the document in step with the choice, for as long as the page lives. */
export function applyTheme(): void {
  darkSystem.addEventListener("change", ({ matches }) => (systemTheme.value = matches ? "dark" : "light"));
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
  });
}

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  try {
    localStorage.setItem(key, choice);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(key);
    return themeChoices.find((choice) => choice === value) ?? "system";
  } catch {
    return "system";
  }
}
