import { ActionIcon, Checkbox, NativeSelect, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { isolated } from "../../../lib/isolated";
import { formatDay, startOfDay } from "../../../lib/time-zone";
import classes from "../data-grid.module.css";
import {
  conditionFault,
  type FilterCondition,
  type FilterField,
  type FilterOption,
  newCondition,
  type Operator,
  operatorLabels,
  operatorsOf,
  periods,
  withOperator,
} from "./filter-model";

interface FilterConditionEditorProps {
  condition: FilterCondition;
  fields: readonly FilterField[];
  showsFault: boolean;
  onChange: (condition: FilterCondition) => void;
  onRemove: () => void;
}

export function FilterConditionEditor({
  condition,
  fields,
  showsFault,
  onChange,
  onRemove,
}: FilterConditionEditorProps) {
  const field = fields.find(({ id }) => id === condition.field);
  if (!field) return null;
  const fault = showsFault ? conditionFault(condition, fields) : null;
  const chooseField = (id: string) => {
    const next = fields.find((each) => each.id === id);
    if (next) onChange(newCondition(next));
  };
  return (
    <fieldset className={classes.condition} aria-label={`Condition: ${field.label}`}>
      <NativeSelect
        size="xs"
        aria-label="Filter by"
        data={fields.map(({ id, label }) => ({ value: id, label }))}
        value={field.id}
        onChange={(event) => chooseField(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        aria-label="Comparison"
        data={operatorsOf[field.kind].map((value) => ({ value, label: operatorLabels[value] }))}
        value={condition.operator}
        onChange={(event) => onChange(withOperator(condition, event.currentTarget.value as Operator))}
      />
      <div>
        <ValueEditor
          // Fields call different hooks for their options, so each needs its own editor.
          key={field.id}
          field={field}
          condition={condition}
          onChange={(values) => onChange({ ...condition, values })}
        />
        {fault && (
          <Text size="xs" c="var(--mantine-color-error)" role="alert" mt={4}>
            {fault}
          </Text>
        )}
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove condition: ${field.label}`} onClick={onRemove}>
        <IconX size={16} aria-hidden="true" />
      </ActionIcon>
    </fieldset>
  );
}

interface ValueEditorProps<Field = FilterField> {
  field: Field;
  condition: FilterCondition;
  onChange: (values: string[]) => void;
}

function ValueEditor({ field, condition, onChange }: ValueEditorProps) {
  const { values, operator } = condition;
  switch (field.kind) {
    case "text":
    case "exact":
      return (
        <TextInput
          size="xs"
          aria-label="Value"
          maxLength={200}
          value={values[0] ?? ""}
          onChange={(event) => onChange(event.currentTarget.value ? [event.currentTarget.value] : [])}
        />
      );
    case "boolean":
      return (
        <NativeSelect
          size="xs"
          aria-label="Value"
          data={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          value={values[0] ?? "true"}
          onChange={(event) => onChange([event.currentTarget.value])}
        />
      );
    case "date":
      if (operator === "during")
        return <PeriodEditor value={values[0] ?? ""} onChange={(period) => onChange([period])} />;
      return <DateEditor values={values} isRange={operator === "between"} onChange={onChange} />;
    case "enum":
      return <OptionsEditor options={field.options} values={values} onChange={onChange} label={field.label} />;
    case "pick":
      return <PickEditor field={field} condition={condition} onChange={onChange} />;
  }
}

const periodChoices = Object.entries(periods).map(([value, label]) => ({ value, label }));

function PeriodEditor({ value, onChange }: { value: string; onChange: (period: string) => void }) {
  return (
    <NativeSelect
      size="xs"
      aria-label="Period"
      data={periodChoices}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function DateEditor({
  values,
  isRange,
  onChange,
}: {
  values: string[];
  isRange: boolean;
  onChange: (values: string[]) => void;
}) {
  const [from = "", to = ""] = values;
  // A date field has the format of the browser’s language, so the dates are repeated in the app’s.
  const inWords = values.map((value) => startOfDay(value)).filter((date) => !Number.isNaN(date.getTime()));
  return (
    <div className={classes.dates}>
      <TextInput
        size="xs"
        type="date"
        aria-label={isRange ? "From" : "Date"}
        value={from}
        onChange={(event) => onChange(isRange ? [event.currentTarget.value, to] : [event.currentTarget.value])}
      />
      {isRange && (
        <TextInput
          size="xs"
          type="date"
          aria-label="To"
          value={to}
          onChange={(event) => onChange([from, event.currentTarget.value])}
        />
      )}
      <Text size="xs" c="dimmed" className={classes.inWords}>
        {inWords.map(formatDay).join(" to ")}
      </Text>
    </div>
  );
}

function PickEditor({ field, condition, onChange }: ValueEditorProps<Extract<FilterField, { kind: "pick" }>>) {
  const { options, loading } = field.useOptions();
  if (loading) return <Skeleton height={64} />;
  const named = options.map(({ value, label }) => ({ value, label: `${isolated(label)} (${value})` }));
  // A value from the URL may not be among the options, e.g. a token that created others.
  const unnamed = condition.values.filter((value) => !options.some((option) => option.value === value));
  const all = [...unnamed.map((value) => ({ value, label: value })), ...named];
  return <OptionsEditor options={all} values={condition.values} onChange={onChange} label={field.label} />;
}

interface OptionsEditorProps {
  options: readonly FilterOption[];
  values: string[];
  onChange: (values: string[]) => void;
  label: string;
}

function OptionsEditor({ options, values, onChange, label }: OptionsEditorProps) {
  return (
    <Checkbox.Group value={values} onChange={onChange} aria-label={label}>
      <Stack gap={8} className={classes.options}>
        {options.map((option) => (
          <Checkbox key={option.value} size="sm" value={option.value} label={option.label} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
