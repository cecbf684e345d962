import { chooseTheme, themeChoice, themeChoices } from "../theme/theme.ts";

export function Header() {
  return (
    <header class="header">
      <svg class="logo" viewBox="0 0 28 20" width="28" height="20" aria-hidden="true" focusable="false">
        <path d="M1 2V18M1 4H17M1 10H23M1 16H13M27 2V18" fill="none" stroke="currentColor" stroke-width="2" />
        <path
          d="M17 4H27M23 10H27M13 16H27"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          stroke-dasharray="1.5 2.5"
        />
      </svg>
      <h1>
        Cohort <span>playground</span>
      </h1>
      <p class="tagline">Task groups enter together and leave together. Watch them.</p>
      <label class="field theme">
        <span class="field-name">Theme</span>
        <select
          value={themeChoice.value}
          onChange={({ currentTarget: { value } }) => {
            chooseTheme(themeChoices.find((choice) => choice === value) ?? "system");
          }}
        >
          {themeChoices.map((choice) => (
            <option key={choice} value={choice}>
              {choice[0]!.toUpperCase() + choice.slice(1)}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
