import { Group, NativeSelect, TextInput } from "@mantine/core";
import { type Expiry, expiryOf, localDate, noExpiry, presetDays } from "./expiry";

interface ExpiryFieldProps {
  value: Expiry;
  error: string | undefined;
  onChange: (expiry: Expiry) => void;
}

const inDays = (days: number) => ({ value: String(days), label: days === 1 ? "In 1 day" : `In ${days} days` });

/** A link may have asked for another number of days. */
function choicesWith(expiry: Expiry) {
  const days = new Set<number>([...presetDays, ...(expiry.kind === "days" ? [expiry.days] : [])]);
  return [...[...days].map(inDays), { value: "date", label: "Custom date…" }, { value: "never", label: "Never" }];
}

const longDate = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

export function ExpiryField({ value, error, onChange }: ExpiryFieldProps) {
  const now = new Date();
  const lastDay = expiryOf(value, now);
  const choose = (choice: string) => {
    if (choice === "never") return onChange(noExpiry);
    if (choice === "date") return onChange({ kind: "date", date: lastDay ? localDate(lastDay) : "" });
    onChange({ kind: "days", days: Number(choice) });
  };
  const onADate = value.kind === "date";
  const hint = value.kind === "days" && lastDay ? `Valid through ${longDate.format(lastDay)}.` : undefined;
  return (
    <Group align="flex-start" gap="sm">
      <NativeSelect
        label="Expires"
        data={choicesWith(value)}
        value={value.kind === "days" ? String(value.days) : value.kind}
        onChange={(event) => choose(event.currentTarget.value)}
        description={hint}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={onADate ? undefined : error}
        w={200}
      />
      {onADate && (
        <TextInput
          type="date"
          label="Last day"
          min={localDate(now)}
          value={value.date}
          onChange={(event) => onChange({ kind: "date", date: event.currentTarget.value })}
          error={error}
          w={200}
        />
      )}
    </Group>
  );
}
