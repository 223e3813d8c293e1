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
  // Passkeys are in the browser. A page that asks for one is heard, whether or not the webview knows what they are.
  if (!window.isSecureContext) return;
  const asks = (options) => options && options.publicKey && options.mediation !== "conditional";
  const credentials = navigator.credentials;
  if (credentials && window.PublicKeyCredential) {
    const get = credentials.get.bind(credentials);
    credentials.get = (options) => {
      if (asks(options)) tell("passkey");
      return get(options);
    };
    return;
  }
  const failed = (name) => Promise.reject(new DOMException("Passkeys are not available in this window.", name));
  // As where a person has none: what is pressed fails, what is offered beside a field never comes.
  const ask = (options) => {
    if (!options || !options.publicKey) return Promise.resolve(null);
    if (!asks(options)) return new Promise(() => {});
    tell("passkey");
    return failed("NotAllowedError");
  };
  const no = () => Promise.resolve(false);
  class PublicKeyCredential {
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  }
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = no;
  PublicKeyCredential.isConditionalMediationAvailable = no;
  const value = { get: ask, create: ask, store: () => failed("NotSupportedError"), preventSilentAccess: async () => {} };
  Object.defineProperty(window, "PublicKeyCredential", { value: PublicKeyCredential, configurable: true, writable: true });
  Object.defineProperty(navigator, "credentials", { value, configurable: true });
})();
