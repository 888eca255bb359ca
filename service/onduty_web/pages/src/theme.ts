/** Light or dark: as the system has it, unless the person chose. */

const KEY = "onduty-theme";
const root = document.documentElement;

const chosen = new URLSearchParams(location.search).get("theme") ?? localStorage.getItem(KEY);
if (chosen !== null) root.dataset.theme = chosen;

/** Choose the other. */
export function turnTheme(): void {
  const isDark =
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem(KEY, root.dataset.theme);
}
