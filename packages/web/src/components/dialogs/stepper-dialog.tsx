import { CloseButton, Modal } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useFocusBack } from "../../lib/use-focus-back";
import { ConfirmDialog } from "./confirm-dialog";
import { StepList, type StepOf } from "./step-list";
import classes from "./stepper-dialog.module.css";

interface StepperDialogProps<Id extends string> {
  title: string;
  steps: readonly StepOf<Id>[];
  current: Id;
  onStep: (id: Id) => void;
  /** Whether closing asks for confirmation first. */
  unsaved: boolean;
  /** Whether a request is running. Keeps the dialog open. */
  pending: boolean;
  /** Incremented by each rejected submission. Focus then moves to the first error. */
  refusals: number;
  onSubmit: () => void;
  onClose: () => void;
  /** Messages and buttons below the step. `close` asks for confirmation if needed. */
  footer: (close: () => void) => ReactNode;
  children: ReactNode;
}

/** A multi-step form. Mounting opens it, unmounting discards its input. */
export function StepperDialog<Id extends string>(props: StepperDialogProps<Id>) {
  const { title, steps, current, pending, unsaved, onClose } = props;
  const [asking, setAsking] = useState(false);
  const [opensAtFirst] = useState(current === props.steps[0]?.id);
  const step = useStepFocus(current, props.refusals);
  useFocusBack();

  const close = () => {
    if (pending) return;
    if (unsaved) setAsking(true);
    else onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!pending) props.onSubmit();
  };

  return (
    <Modal.Root
      opened
      onClose={close}
      closeOnEscape={!asking}
      closeOnClickOutside={false}
      returnFocus={false}
      size={860}
      centered
    >
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content classNames={{ inner: classes.inner ?? "", content: classes.content ?? "" }} radius="lg">
        <form className={classes.form} onSubmit={submit} noValidate>
          <div className={classes.header}>
            <Modal.Title className={classes.title}>{title}</Modal.Title>
            <CloseButton aria-label="Close" onClick={close} />
          </div>
          <StepList steps={steps} current={current} onStep={props.onStep} />
          <section className={classes.step} ref={step.ref}>
            <h3
              className={classes.heading}
              tabIndex={-1}
              data-step-heading
              data-autofocus={opensAtFirst ? undefined : true}
            >
              {steps.find(({ id }) => id === current)?.label}
            </h3>
            {props.children}
          </section>
          <div className={classes.footer}>{props.footer(close)}</div>
        </form>
      </Modal.Content>
      {asking && (
        <ConfirmDialog
          title="Discard changes?"
          confirmLabel="Discard"
          cancelLabel="Keep editing"
          destructive
          onConfirm={onClose}
          onClose={() => setAsking(false)}
        >
          Your changes haven’t been saved.
        </ConfirmDialog>
      )}
    </Modal.Root>
  );
}

const wrong = '[aria-invalid="true"], [data-failure]';

/** Focuses the heading of a new step, or the first error of a rejected one. */
function useStepFocus(current: string, refusals: number) {
  const ref = useRef<HTMLElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: both only trigger the effect
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const form = ref.current?.closest("form");
    const target = form?.querySelector<HTMLElement>(wrong) ?? form?.querySelector<HTMLElement>("[data-step-heading]");
    target?.focus({ preventScroll: true });
    // With its label and error.
    (target?.closest(".mantine-InputWrapper-root") ?? target)?.scrollIntoView({ block: "nearest" });
  }, [current, refusals]);
  return { ref };
}
