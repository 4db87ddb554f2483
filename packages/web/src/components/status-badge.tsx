import classes from "./status-badge.module.css";

interface StatusBadgeProps {
  tone: "good" | "paused" | "gone";
  children: string;
}

/** A state in a word, a colour and a shape: never in colour alone. */
export function StatusBadge({ tone, children }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
