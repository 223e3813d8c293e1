/** Light or dark on the page's root, following the system where the person left it open. */
import type { Theme } from '../ipc/types.gen';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme = 'system';

function apply(): void {
  const theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset['theme'] = theme;
}

dark.addEventListener('change', apply);

export function showTheme(theme: Theme): void {
  chosen = theme;
  apply();
}
