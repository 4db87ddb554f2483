import type { ModuleSummary } from "@hallpass/shared";
import { Checkbox, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./module-picker.module.css";

interface ModulePickerProps {
  modules: readonly ModuleSummary[];
  lost: readonly ModuleSummary[];
  selected: readonly string[];
  describedBy: string | undefined;
  onChange: (moduleIds: readonly string[]) => void;
}

/** From so many on a list is searched rather than read. */
const searchFrom = 6;

export function ModulePicker({ modules, lost, selected, describedBy, onChange }: ModulePickerProps) {
  const [search, setSearch] = useState("");
  const all = [...modules, ...lost];
  const found = all.filter((module) => matches(module, search));
  const offered = found.filter((module) => !lost.includes(module));
  const chosen = new Set(selected);
  const chosenOffered = offered.filter(({ id }) => chosen.has(id)).length;

  const set = (ids: readonly string[], on: boolean) =>
    // In the order of the list, so that a choice that was taken back is no change.
    onChange(all.map(({ id }) => id).filter((id) => (ids.includes(id) ? on : chosen.has(id))));

  return (
    <>
      {all.length >= searchFrom && (
        <TextInput
          type="search"
          aria-label="Search modules"
          placeholder="Search modules"
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Enter here means "search", not "next step".
            if (event.key === "Enter") event.preventDefault();
          }}
        />
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a scrolling grid in every browser. */}
      <div role="group" aria-label="Modules" aria-describedby={describedBy} className={classes.list}>
        {offered.length > 1 && (
          <Checkbox
            className={classes.all ?? ""}
            label={search ? `Select all ${offered.length} found` : `Select all (${offered.length})`}
            checked={chosenOffered === offered.length}
            indeterminate={chosenOffered > 0 && chosenOffered < offered.length}
            onChange={(event) =>
              set(
                offered.map(({ id }) => id),
                event.currentTarget.checked,
              )
            }
          />
        )}
        {found.map((module) => (
          <Checkbox
            key={module.id}
            className={classes.module ?? ""}
            label={<ModuleLabel module={module} lost={lost.includes(module)} />}
            checked={chosen.has(module.id)}
            onChange={(event) => set([module.id], event.currentTarget.checked)}
          />
        ))}
        {found.length === 0 && <p className={classes.none}>No module matches “{search}”.</p>}
      </div>
      <p className={classes.count} role="status">
        {selected.length === 1 ? "1 module chosen" : `${selected.length} modules chosen`}
      </p>
    </>
  );
}

function ModuleLabel({ module, lost }: { module: ModuleSummary; lost: boolean }) {
  return (
    <span className={classes.label}>
      <span className={classes.name}>{module.name}</span> <span className={classes.id}>{module.id}</span>
      {lost && <span className={classes.lost}>Not enabled for the account any more</span>}
      {module.description && <span className={classes.description}>{module.description}</span>}
    </span>
  );
}

function matches({ id, name, description }: ModuleSummary, search: string): boolean {
  const text = `${name} ${id} ${description ?? ""}`.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
