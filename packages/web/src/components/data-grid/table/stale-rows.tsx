import { Alert, Button } from "@mantine/core";
import { errorMessage } from "../../../lib/error-message";
import classes from "../data-grid.module.css";

interface StaleRowsProps {
  label: string;
  error: unknown;
  onRetry: () => void;
}

/** Above rows that could not be reloaded. */
export function StaleRows({ label, error, onRetry }: StaleRowsProps) {
  return (
    <Alert
      className={classes.stale}
      color="yellow"
      variant="outline"
      role="alert"
      title={`${label} couldn’t be loaded`}
    >
      <span>{errorMessage(error)} These rows were loaded earlier and may be out of date.</span>
      <Button variant="default" size="compact-sm" onClick={onRetry}>
        Try again
      </Button>
    </Alert>
  );
}
