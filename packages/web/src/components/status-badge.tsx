import classes from "./status-badge.module.css";

type Status = "ACTIVE" | "DISABLED" | "DELETED";

const looks: Record<Status, { tone: string; label: string }> = {
  ACTIVE: { tone: "good", label: "Active" },
  DISABLED: { tone: "paused", label: "Disabled" },
  DELETED: { tone: "gone", label: "Deleted" },
};

/** A state in a word, a colour and a shape: never in colour alone. */
export function StatusBadge({ status }: { status: Status }) {
  const { tone, label } = looks[status];
  return (
    <span className={classes.badge} data-tone={tone}>
      {label}
    </span>
  );
}
