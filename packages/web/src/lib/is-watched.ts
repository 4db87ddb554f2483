/** Whether the page is worth updating: visible, and not covered by a dialog. */
export const isWatched = () =>
  document.visibilityState !== "hidden" && document.querySelector('[role="dialog"]') === null;
