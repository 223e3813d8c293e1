// Runs before the page's own scripts in the main window: what the first picture shows is asked for while the page is
// still being read. The carrier (`ui/src/ipc/tauri.ts`) takes the answer.
(() => {
  const beginning = window.__TAURI_INTERNALS__.invoke("beginning", { request: null });
  // Whoever takes it hears of a failure; until then nobody does.
  beginning.catch(() => undefined);
  Object.defineProperty(window, "__MOORING_BEGINNING__", { value: beginning, configurable: true });
})();
