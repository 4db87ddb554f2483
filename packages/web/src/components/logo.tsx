import classes from "./logo.module.css";

/** A pass with its lanyard notch, checked. */
export function Logo() {
  return (
    <span className={classes.logo}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <path
          className={classes.pass}
          d="M9 4a3 3 0 0 0-3 3v18a3 3 0 0 0 3 3h14a3 3 0 0 0 3-3V7a3 3 0 0 0-3-3h-3.2a3.8 3.8 0 0 1-7.6 0z"
        />
        <path className={classes.check} d="m11 17.6 3.4 3.4 6.6-7" />
      </svg>
      <span className={classes.word}>Hallpass</span>
    </span>
  );
}
