// Runs before the page's own scripts in an authorization window. It has no secret and no way to any command; it
// only turns three things that embedded webviews do wrong into navigations that the window understands.
(() => {
  const tell = (what) => {
    location.href = `https://window.mooring.invalid/${what}`;
  };
  // A closed webview leaves a dead window behind, or does nothing, depending on the system.
  const close = () => tell("close");
  Object.defineProperty(window, "close", { value: close, writable: false, configurable: false });
  // An empty address is refused as unreadable; a blank page is what it means.
  const open = window.open.bind(window);
  window.open = (url, ...rest) => open(url === undefined || url === "" ? "about:blank" : url, ...rest);
  // Passkeys are not to be had in an embedded webview; the browser has them.
  const credentials = navigator.credentials;
  if (credentials && credentials.get) {
    const get = credentials.get.bind(credentials);
    credentials.get = (options) => {
      if (options && options.publicKey) tell("passkey");
      return get(options);
    };
  }
})();
