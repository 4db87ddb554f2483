import { Alert, Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { StepperDialog } from "../../../components/dialogs/stepper-dialog";
import { isolated } from "../../../lib/isolated";
import { usePolicy } from "../../policy/policy";
import { FormFooter } from "../form/form-footer";
import { GeneralStep } from "../form/general-step";
import { ModulesStep } from "../form/modules/modules-step";
import { useModules } from "../form/modules/use-modules";
import type { FormStep } from "../form/token-draft";
import type { EditableToken } from "./editable-token";
import { RemovedModules } from "./removed-modules";
import { useEditApiToken } from "./use-edit-api-token";

interface EditStepsProps {
  token: EditableToken;
  onClose: () => void;
}

export function EditSteps({ token, onClose }: EditStepsProps) {
  const modules = useModules();
  const [step, setStep] = useState<FormStep>("general");
  const policy = usePolicy();
  const edit = useEditApiToken(token, policy);
  const { form, base } = edit;

  async function submit() {
    const wrong = form.check() ?? (await edit.save());
    if (wrong === "saved") {
      notifications.show({
        message: `${isolated(form.draft.name.trim())} is saved.`,
        closeButtonProps: { "aria-label": "Close message" },
      });
      onClose();
    } else if (wrong) setStep(wrong);
  }

  const steps = (["general", "modules"] as const).map((id) => ({
    id,
    label: id === "general" ? "General" : "Modules",
    done: id !== step,
    reachable: true,
  }));
  const enabled = modules.modules && new Set(modules.modules.map(({ id }) => id));
  const lost = enabled ? base.modules.filter(({ id }) => !enabled.has(id)) : [];

  const removed = base.modules.filter(({ id }) => !form.draft.moduleIds.includes(id));

  return (
    <StepperDialog
      title="Edit API token"
      steps={steps}
      current={step}
      onStep={setStep}
      unsaved={edit.changed}
      pending={edit.pending}
      refusals={form.refusals}
      onSubmit={() => void submit()}
      onClose={onClose}
      footer={(close) => (
        <FormFooter failure={edit.failure} pending={edit.pending} submitLabel="Save" onClose={close} onBack={null}>
          <Button variant="default" onClick={() => setStep(step === "general" ? "modules" : "general")}>
            {step === "general" ? "Next" : "Back"}
          </Button>
        </FormFooter>
      )}
    >
      {edit.conflict && <Conflict message={edit.conflict} pending={edit.pending} onLoad={edit.loadCurrent} />}
      {step === "general" ? (
        <GeneralStep
          draft={form.draft}
          errors={form.errors}
          policy={policy}
          iconUrl={base.iconUrl ?? null}
          onChange={form.change}
        />
      ) : (
        <>
          <ModulesStep
            modules={modules}
            selected={form.draft.moduleIds}
            error={form.errors.moduleIds}
            lost={lost}
            onChange={(moduleIds) => form.change({ moduleIds })}
          />
          {removed.length > 0 && <RemovedModules tokenId={token.id} modules={removed} />}
        </>
      )}
    </StepperDialog>
  );
}

function Conflict({ message, pending, onLoad }: { message: string; pending: boolean; onLoad: () => void }) {
  return (
    <Alert color="yellow" variant="outline" role="alert" tabIndex={-1} data-failure mb="md">
      <Text size="sm" fw={650}>
        Someone else saved changes first
      </Text>
      {message}
      <br />
      <Button variant="default" size="xs" mt="xs" onClick={onLoad} aria-disabled={pending || undefined}>
        Load latest version
      </Button>
    </Alert>
  );
}
