import type { ModuleSummary } from "@hallpass/shared";
import { Alert, Button, Input, Skeleton, Stack, Text } from "@mantine/core";
import { errorMessage } from "../../../../lib/error-message";
import { ModulePicker } from "./module-picker";
import type { Modules } from "./use-modules";

interface ModulesStepProps {
  modules: Modules;
  selected: readonly string[];
  error: string | undefined;
  /** The token’s modules that are no longer enabled for the account. */
  lost?: readonly ModuleSummary[];
  onChange: (moduleIds: readonly string[]) => void;
}

export function ModulesStep({
  modules: { modules, error: failure, retry },
  error,
  lost = [],
  ...picker
}: ModulesStepProps) {
  if (failure) {
    return (
      <Alert color="red" role="alert" title="Couldn’t load the modules">
        <Text size="sm">{errorMessage(failure)}</Text>
        <Button variant="default" size="xs" mt="sm" onClick={retry}>
          Try again
        </Button>
      </Alert>
    );
  }
  if (!modules) {
    return (
      <Stack gap="sm" role="status" aria-label="Loading modules">
        {["a", "b", "c", "d"].map((key) => (
          <Skeleton key={key} h={52} />
        ))}
      </Stack>
    );
  }
  if (modules.length + lost.length === 0) {
    return <Text size="sm">This account has no modules yet. Ask your Hallpass operator to enable some.</Text>;
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Choose what this token can access.
      </Text>
      {error && (
        <Input.Error size="sm" id="modules-error" role="alert" tabIndex={-1} data-failure>
          {error}
        </Input.Error>
      )}
      <ModulePicker modules={modules} lost={lost} describedBy={error ? "modules-error" : undefined} {...picker} />
    </Stack>
  );
}
