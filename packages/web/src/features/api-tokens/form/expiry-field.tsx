import { Group, NativeSelect, TextInput } from "@mantine/core";
import { dayOf, formatDay } from "../../../lib/time-zone";
import { latestExpiry, type Policy, requiresExpiry } from "../../policy/policy";
import { type Expiry, expiryOf, noExpiry, presetDays } from "./expiry";

interface ExpiryFieldProps {
  value: Expiry;
  error: string | undefined;
  policy?: Policy | undefined;
  onChange: (expiry: Expiry) => void;
}

const dayMs = 86_400_000;

const inDays = (days: number) => ({ value: String(days), label: days === 1 ? "In 1 day" : `In ${days} days` });

/** What the policy allows. Anything else is offered only if it is chosen already: a link may have asked for it. */
function choicesWith(expiry: Expiry, policy: Policy | undefined) {
  const longest = policy?.maxLifetimeDays ?? Number.POSITIVE_INFINITY;
  const allowed = [...presetDays.filter((days) => days < longest), ...(policy?.maxLifetimeDays ? [longest] : [])];
  const days = new Set<number>([...allowed, ...(expiry.kind === "days" ? [expiry.days] : [])]);
  const mayNever = expiry.kind === "never" || !requiresExpiry(policy);
  return [
    ...[...days].map(inDays),
    { value: "date", label: "Custom date…" },
    ...(mayNever ? [{ value: "never", label: "Never" }] : []),
  ];
}

export function ExpiryField({ value, error, policy, onChange }: ExpiryFieldProps) {
  const now = new Date();
  const lastDay = expiryOf(value, now);
  const choose = (choice: string) => {
    if (choice === "never") return onChange(noExpiry);
    if (choice === "date") return onChange({ kind: "date", date: lastDay ? dayOf(lastDay) : "" });
    onChange({ kind: "days", days: Number(choice) });
  };
  const latest = latestExpiry(policy, now);
  const onADate = value.kind === "date";
  // A date field has the format of the browser’s language, so the date is repeated in the app’s.
  const isDay = lastDay && !Number.isNaN(lastDay.getTime());
  const hint = isDay ? `Valid through ${formatDay(lastDay)}.` : undefined;
  return (
    <Group align="flex-start" gap="sm">
      <NativeSelect
        label="Expires"
        data={choicesWith(value, policy)}
        value={value.kind === "days" ? String(value.days) : value.kind}
        onChange={(event) => choose(event.currentTarget.value)}
        description={onADate ? undefined : hint}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={onADate ? undefined : error}
        w={200}
      />
      {onADate && (
        <TextInput
          type="date"
          label="Last day"
          min={dayOf(now)}
          max={latest ? dayOf(new Date(latest.getTime() - dayMs)) : undefined}
          value={value.date}
          onChange={(event) => onChange({ kind: "date", date: event.currentTarget.value })}
          description={error ? undefined : hint}
          inputWrapperOrder={["label", "input", "description", "error"]}
          error={error}
          w={200}
        />
      )}
    </Group>
  );
}
