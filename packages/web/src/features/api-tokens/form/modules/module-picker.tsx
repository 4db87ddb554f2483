import type { ModuleSummary } from "@hallpass/shared";
import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { isolated } from "../../../../lib/isolated";
import classes from "./module-picker.module.css";
import { ModuleSearch, matchesModule, searchFrom } from "./module-search";

interface ModulePickerProps {
  modules: readonly ModuleSummary[];
  lost: readonly ModuleSummary[];
  selected: readonly string[];
  describedBy: string | undefined;
  onChange: (moduleIds: readonly string[]) => void;
}

export function ModulePicker({ modules, lost, selected, describedBy, onChange }: ModulePickerProps) {
  const [search, setSearch] = useState("");
  const all = [...modules, ...lost];
  const found = all.filter((module) => matchesModule(module, search));
  const offered = found.filter((module) => !lost.includes(module));
  const chosen = new Set(selected);
  const chosenOffered = offered.filter(({ id }) => chosen.has(id)).length;

  const set = (ids: readonly string[], on: boolean) =>
    // Keep list order, so that undoing a choice counts as no change.
    onChange(all.map(({ id }) => id).filter((id) => (ids.includes(id) ? on : chosen.has(id))));

  return (
    <>
      {all.length >= searchFrom && <ModuleSearch value={search} onChange={setSearch} />}
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
        {selected.length === 1 ? "1 module selected" : `${selected.length} modules selected`}
      </p>
    </>
  );
}

function ModuleLabel({ module, lost }: { module: ModuleSummary; lost: boolean }) {
  return (
    <span className={classes.label}>
      <span className={classes.name}>{isolated(module.name)}</span> <span className={classes.id}>{module.id}</span>
      {lost && <span className={classes.lost}>Not enabled for this account</span>}
      {module.description && <span className={classes.description}>{module.description}</span>}
    </span>
  );
}
