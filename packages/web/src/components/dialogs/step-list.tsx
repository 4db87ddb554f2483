import { IconCheck } from "@tabler/icons-react";
import classes from "./stepper-dialog.module.css";

export interface StepOf<Id extends string> {
  id: Id;
  label: string;
  done: boolean;
  /** Can be opened by its name. */
  reachable: boolean;
}

interface StepListProps<Id extends string> {
  steps: readonly StepOf<Id>[];
  current: Id;
  onStep: (id: Id) => void;
}

/** Unlike Mantine’s Stepper, exposes the current step and the number of steps to screen readers. */
export function StepList<Id extends string>({ steps, current, onStep }: StepListProps<Id>) {
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map((step, index) => (
        <li key={step.id} className={classes.item} data-current={step.id === current || undefined}>
          <button
            type="button"
            className={classes.stepButton}
            aria-current={step.id === current ? "step" : undefined}
            disabled={!step.reachable && step.id !== current}
            onClick={() => onStep(step.id)}
          >
            <span className={classes.marker} data-done={step.done || undefined} aria-hidden="true">
              {step.done && step.id !== current ? <IconCheck size={14} stroke={3} /> : index + 1}
            </span>
            <span className={classes.label}>{step.label}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
