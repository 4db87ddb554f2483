/** If a part is missing again within this many milliseconds, it is missing on the server, so don’t reload. */
const pause = 60_000;
const key = "hallpass.reloaded";

/**
 * After an update, the app’s parts have new file names, and open pages still request the old ones. Reloading fixes that,
 * and the URL restores the page’s state.
 */
export function reloadWhenUpdated(reload: () => void): void {
  window.addEventListener("vite:preloadError", () => {
    if (isFirst()) reload();
  });
}

function isFirst(): boolean {
  try {
    const last = Number(sessionStorage.getItem(key));
    sessionStorage.setItem(key, String(Date.now()));
    return Date.now() - last > pause;
  } catch {
    // Without storage, reloads can’t be counted. The error page offers to retry.
    return false;
  }
}
