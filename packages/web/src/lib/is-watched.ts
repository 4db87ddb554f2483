/** Milliseconds after the last sign of a user. Updates must not keep the session of an unattended page alive. */
const attendedFor = 300_000;
let seenAt = Date.now();

for (const event of ["pointermove", "pointerdown", "keydown", "wheel", "focus"])
  addEventListener(
    event,
    () => {
      seenAt = Date.now();
    },
    { capture: true, passive: true },
  );

/** Whether the page is worth updating: visible, attended, and not covered by a dialog. */
export const isWatched = () =>
  document.visibilityState !== "hidden" &&
  Date.now() - seenAt < attendedFor &&
  document.querySelector('[role="dialog"]') === null;
