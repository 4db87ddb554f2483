import { CloseButton, Modal } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useFocusBack } from "../lib/use-focus-back";
import { ConfirmDialog } from "./confirm-dialog";
import { StepList, type StepOf } from "./step-list";
import classes from "./stepper-dialog.module.css";

interface StepperDialogProps<Id extends string> {
  title: string;
  steps: readonly StepOf<Id>[];
  current: Id;
  onStep: (id: Id) => void;
  /** Closing would lose something, so it asks first. */
  unsaved: boolean;
  /** While a request is under way the dialog stays. */
  pending: boolean;
  /** Grows each time that a submission is refused; the focus then goes to what is wrong. */
  refusals: number;
  onSubmit: () => void;
  onClose: () => void;
  /** What stands under the step: messages and buttons. `close` asks where it has to. */
  footer: (close: () => void) => ReactNode;
  children: ReactNode;
}

/** A form in steps. Mount it to open it: what was typed is gone with it. */
export function StepperDialog<Id extends string>(props: StepperDialogProps<Id>) {
  const { title, steps, current, pending, unsaved, onClose } = props;
  const [asking, setAsking] = useState(false);
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
            <h3 className={classes.heading} tabIndex={-1} data-step-heading>
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

/** A new step is read from its heading; a refused one from the first thing that is wrong. */
function useStepFocus(current: string, refusals: number) {
  const ref = useRef<HTMLElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the two say when, not what.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const form = ref.current?.closest("form");
    const target = form?.querySelector<HTMLElement>(wrong) ?? form?.querySelector<HTMLElement>("[data-step-heading]");
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  }, [current, refusals]);
  return { ref };
}
