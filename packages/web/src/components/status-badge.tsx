import classes from "./status-badge.module.css";

type Status = "ACTIVE" | "DISABLED" | "DELETED";
type Tone = "good" | "paused" | "bad" | "gone";

const looks: Record<Status, { tone: Tone; label: string }> = {
  ACTIVE: { tone: "good", label: "Active" },
  DISABLED: { tone: "paused", label: "Disabled" },
  DELETED: { tone: "gone", label: "Deleted" },
};

export function StatusBadge({ status }: { status: Status }) {
  return <Badge {...looks[status]} />;
}

/** A state as text, colour and shape, never as colour alone. */
export function Badge({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {label}
    </span>
  );
}
