import { ActionIcon, Input, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { CopyButton } from "../../../components/copy-button";
import classes from "./secret-value.module.css";
import { shownForSeconds, useShownValue } from "./use-shown-value";
import { valueErrorInWords } from "./value-error";

interface SecretValueProps {
  masked: string;
  fetchValue: (purpose: "SHOW" | "COPY") => Promise<string>;
}

/** A masked token value that can be shown briefly, or copied without being shown. */
export function SecretValue({ masked, fetchValue }: SecretValueProps) {
  const shown = useShownValue(() => fetchValue("SHOW"));
  const [copyError, setCopyError] = useState<unknown>(null);
  const visible = shown.value !== null;
  const error = shown.error ?? copyError;

  return (
    <div>
      <div className={classes.row}>
        <code className={classes.value} data-testid="token-value">
          {shown.value ?? masked}
        </code>
        <div className={classes.buttons}>
          <Tooltip label={visible ? "Hide" : "Show"}>
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={visible ? "Hide API token" : "Show API token"}
              aria-busy={shown.pending || undefined}
              onClick={visible ? shown.hide : shown.show}
            >
              {visible ? <IconEyeOff size={18} aria-hidden="true" /> : <IconEye size={18} aria-hidden="true" />}
            </ActionIcon>
          </Tooltip>
          <CopyButton label="Copy API token" value={() => fetchValue("COPY")} onError={setCopyError} />
        </div>
      </div>
      {visible && (
        <Text size="xs" c="dimmed" aria-hidden="true">
          Hides in {shown.secondsLeft} s
        </Text>
      )}
      <VisuallyHidden role="status">
        {visible ? `The value is shown for ${shownForSeconds} seconds.` : ""}
      </VisuallyHidden>
      {Boolean(error) && (
        <Input.Error role="alert" mt={4}>
          {valueErrorInWords(error)}
        </Input.Error>
      )}
    </div>
  );
}
