// Runs before the first paint so that the chosen theme never flashes; not a module for that reason.
(() => {
  const { dataset, style } = document.documentElement;
  try {
    const theme = localStorage.getItem("mpm-monitor.theme");
    if (theme === "light" || theme === "dark") return void (dataset.theme = theme);
    const { name, scheme, tokens } = JSON.parse(localStorage.getItem("mpm-monitor.theme-tokens") ?? "{}");
    if (name !== theme || theme === "system") return;
    for (const [token, value] of Object.entries(tokens)) style.setProperty(token, value);
    dataset.theme = scheme;
  } catch {
    // storage can be forbidden, or hold what is no theme; the system's applies
  }
})();
