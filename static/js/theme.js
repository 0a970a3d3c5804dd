// Runs before the first paint so that the chosen theme never flashes; not a module for that reason.
(() => {
  try {
    const theme = localStorage.getItem("mpm-monitor.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // storage can be forbidden; the system's theme applies
  }
})();
