/** Milliseconds within which a part that is missing again is missing on the server, and not only on an old page. */
const pause = 60_000;
const key = "hallpass.reloaded";

/**
 * After an update the server has the app's parts under other names, and a page that was open before asks for the old
 * ones. A new page knows the new names; what the old one showed stands in its URL.
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
    // Without storage nobody knows how often it was tried, so the page for failures asks.
    return false;
  }
}
