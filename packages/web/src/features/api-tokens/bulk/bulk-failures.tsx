import { isolated } from "../../../lib/isolated";
import type { BulkFailure } from "../mutations/bulk-mutations";
import classes from "./bulk.module.css";

/** The tokens that weren’t changed, each with the reason. */
export function BulkFailures({
  failures,
  nameOf,
}: {
  failures: readonly BulkFailure[];
  nameOf: (id: string) => string;
}) {
  return (
    // Scrollable regions must be focusable.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <ul className={classes.failures} aria-label="Not changed" tabIndex={0}>
      {failures.map(({ id, message }) => (
        <li key={id}>
          <strong>{isolated(nameOf(id))}</strong>: {message}
        </li>
      ))}
    </ul>
  );
}
