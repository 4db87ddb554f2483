import { Text } from "@mantine/core";
import { useState } from "react";
import { StepperDialog } from "../../../components/dialogs/stepper-dialog";
import { usePolicy } from "../../policy/policy";
import { FormFooter } from "../form/form-footer";
import { GeneralStep } from "../form/general-step";
import { ModulesStep } from "../form/modules/modules-step";
import { useModules } from "../form/modules/use-modules";
import { draftErrors, stepOf, type TokenDraft } from "../form/token-draft";
import { OverviewStep } from "./overview-step";
import { SummaryFooter, SummaryStep } from "./summary-step";
import { useAddApiToken } from "./use-add-api-token";

const labels = { general: "General", modules: "Modules", overview: "Overview", summary: "Summary" } as const;
type Step = keyof typeof labels;
const order: readonly Step[] = ["general", "modules", "overview", "summary"];

interface AddStepsProps {
  initial: TokenDraft;
  /** What filled in the form, if anything did. A complete form opens at its overview. */
  filledBy: "link" | "copy" | null;
  onClose: () => void;
  /** Opens the token for editing if it was added without the latest changes. */
  onEdit: (tokenId: string) => void;
}

export function AddSteps({ initial, filledBy, onClose, onEdit }: AddStepsProps) {
  const modules = useModules();
  const policy = usePolicy();
  const { form, created, pending, failure, unsaved, create } = useAddApiToken(initial, policy);
  const [step, setStep] = useState<Step>(() => (filledBy ? (stepOf(draftErrors(initial)) ?? "overview") : "general"));
  const [furthest, setFurthest] = useState(filledBy ? order.indexOf("overview") : 0);
  const known = modules.modules && new Set(modules.modules.map(({ id }) => id));
  const unknown = known ? initial.moduleIds.filter((id) => !known.has(id)).map(unknownModule) : [];

  const go = (to: Step) => {
    setStep(to);
    setFurthest((before) => Math.max(before, order.indexOf(to)));
  };

  async function submit() {
    if (step === "summary") return onClose();
    if (step === "general" || step === "modules") {
      if (!form.check(step)) go(step === "general" ? "modules" : "overview");
      return;
    }
    go(form.check() ?? (await create()) ?? "overview");
  }

  const steps = order.map((id, index) => ({
    id,
    label: labels[id],
    done: created !== null || index < furthest,
    reachable: created ? id === "summary" : id !== "summary" && index <= furthest,
  }));
  const shown = created ? "summary" : step;

  return (
    <StepperDialog
      title="Add API token"
      steps={steps}
      current={shown}
      onStep={go}
      unsaved={unsaved}
      pending={pending}
      refusals={form.refusals}
      onSubmit={() => void submit()}
      onClose={onClose}
      footer={(close) =>
        created ? (
          <SummaryFooter token={created} onClose={close} onEdit={() => onEdit(created.id)} />
        ) : (
          <FormFooter
            failure={failure}
            pending={pending}
            submitLabel={step === "overview" ? "Add" : "Next"}
            onClose={close}
            onBack={step === "general" ? null : () => go(order[order.indexOf(step) - 1] ?? "general")}
          />
        )
      }
    >
      {filledBy === "link" && !created && (
        <Text size="sm" c="dimmed" mb="md">
          A link filled in this form. Check it before you add the token.
        </Text>
      )}
      {shown === "general" && (
        <GeneralStep draft={form.draft} errors={form.errors} policy={policy} onChange={form.change} />
      )}
      {shown === "modules" && (
        <ModulesStep
          modules={modules}
          selected={form.draft.moduleIds}
          error={form.errors.moduleIds}
          lost={unknown}
          onChange={(moduleIds) => form.change({ moduleIds })}
        />
      )}
      {shown === "overview" && (
        <OverviewStep draft={form.draft} modules={[...(modules.modules ?? []), ...unknown]} onEdit={go} />
      )}
      {created && <SummaryStep token={created} />}
    </StepperDialog>
  );
}

const unknownModule = (id: string) => ({ id, name: id, description: "Not enabled for this account" });
