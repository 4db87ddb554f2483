import { Button, FileButton, Group, Input } from "@mantine/core";
import { useId, useRef, useState } from "react";
import { InitialsAvatar } from "../../../components/initials-avatar";
import { OptionalLabel } from "./optional-label";
import { readLogo } from "./read-logo";

interface LogoFieldProps {
  name: string;
  /** The current logo. Null to show the initials. */
  src: string | null;
  error: string | undefined;
  /** Called with null to remove the logo. */
  onChange: (icon: string | null) => void;
}

export function LogoField({ name, src, error, onChange }: LogoFieldProps) {
  const id = useId();
  const reset = useRef<() => void>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const [refusal, setRefusal] = useState<string>();
  const message = refusal ?? error;

  async function take(file: File | null) {
    if (!file) return;
    const result = await readLogo(file).catch(() => ({ error: "Couldn’t read the file." }));
    setRefusal("error" in result ? result.error : undefined);
    if ("icon" in result) onChange(result.icon);
    // Allow choosing the same file again.
    reset.current?.();
  }

  function remove() {
    setRefusal(undefined);
    onChange(null);
    choose.current?.focus();
  }

  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }} aria-describedby={message ? `${id}-error` : `${id}-hint`}>
      <legend style={{ padding: 0 }}>
        <Input.Label labelElement="div">
          <OptionalLabel>Logo</OptionalLabel>
        </Input.Label>
      </legend>
      <Group gap="sm" mt={4}>
        <InitialsAvatar name={name} src={src} size={48} />
        <FileButton resetRef={reset} onChange={(file) => void take(file)} accept="image/png,image/jpeg,image/webp">
          {(props) => (
            <Button {...props} ref={choose} variant="default" size="xs">
              {src ? "Choose another image" : "Choose image"}
            </Button>
          )}
        </FileButton>
        {src && (
          <Button variant="subtle" size="xs" onClick={remove}>
            Remove logo
          </Button>
        )}
      </Group>
      {message ? (
        <Input.Error id={`${id}-error`} mt={6} role="alert">
          {message}
        </Input.Error>
      ) : (
        <Input.Description id={`${id}-hint`} mt={6}>
          PNG, JPEG or WebP, up to 512 KB.
        </Input.Description>
      )}
    </fieldset>
  );
}
