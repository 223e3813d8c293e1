// Runs before the scripts of Pluggy's Connect page. It gives the page two names to report to, those that pages of that
// kind look for, and turns each report into a navigation that the window understands and refuses. No way to any command.
(() => {
  const reports = [];
  let waiting = false;
  const tell = () => {
    waiting = false;
    const some = reports.splice(0, 8).map((report) => ["m", report]);
    location.href = `https://window.mooring.invalid/widget?${new URLSearchParams(some)}`;
    if (reports.length > 0) later();
  };
  // One navigation takes the place of another that has not been looked at, so they come one after the other.
  const later = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(tell, 60);
  };
  // An address cannot be as long as a whole institution is.
  const brief = (name, value) => (name === "connector" && value ? { id: value.id, name: value.name } : value);
  const hear = (text) => {
    let report = String(text);
    try {
      report = JSON.stringify(JSON.parse(report), brief);
    } catch {
      return;
    }
    if (report.length > 8000) return;
    reports.push(report);
    later();
  };
  window.mooringWidget = hear;
  window.ReactNativeWebView = { postMessage: hear };
})();
