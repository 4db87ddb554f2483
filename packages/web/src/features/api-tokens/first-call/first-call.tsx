import "@mantine/core/styles/Tabs.css";
import { Button, Input, Tabs, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { CopyButton } from "../../../components/copy-button";
import { useShownValue } from "../value/use-shown-value";
import { valueErrorInWords } from "../value/value-error";
import classes from "./first-call.module.css";
import { FirstRequestLight } from "./first-request-light";
import { type CallTarget, type Language, languages, snippetFor, targetsFor } from "./snippets";

interface FirstCallProps {
  tokenId: string;
  endpoint: string;
  masked: string;
  /** Undefined if the user may not see the value. */
  fetchValue?: ((purpose: "COPY") => Promise<string>) | undefined;
  heading: ReactNode;
}

/** A first request to copy and run, and a light that shows when it arrives. */
export function FirstCall({ tokenId, endpoint, masked, fetchValue, heading }: FirstCallProps) {
  const [language, setLanguage] = useState<Language>("curl");
  const [copyError, setCopyError] = useState<unknown>(null);
  const filled = useShownValue(() => fetchValue?.("COPY") ?? Promise.reject(new Error()));
  const error = filled.error ?? copyError;
  const value = filled.value ?? masked;
  const fullValue = () => (filled.value === null && fetchValue ? fetchValue("COPY") : Promise.resolve(value));

  return (
    <section className={classes.panel}>
      <div className={classes.top}>
        {heading}
        <FirstRequestLight tokenId={tokenId} />
      </div>
      <Tabs
        value={language}
        onChange={(chosen) => setLanguage((chosen ?? "curl") as Language)}
        keepMounted={false}
        variant="pills"
      >
        <div className={classes.tools}>
          <Tabs.List aria-label="Language">
            {languages.map(({ id, label }) => (
              <Tabs.Tab key={id} value={id}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {fetchValue && (
            <Button
              variant="default"
              size="xs"
              aria-busy={filled.pending || undefined}
              onClick={filled.value === null ? filled.show : filled.hide}
            >
              {filled.value === null ? "Insert token value" : `Hide the value (${filled.secondsLeft} s)`}
            </Button>
          )}
        </div>
        {languages.map(({ id }) => (
          <Tabs.Panel key={id} value={id} className={classes.snippets}>
            {targetsFor(endpoint).map((target) => (
              <Snippet
                key={target.id}
                target={target}
                text={snippetFor(id, target, value)}
                copy={{
                  label: fetchValue ? "with the API token" : "without the API token",
                  source: () => fullValue().then((full) => snippetFor(id, target, full)),
                }}
                onError={setCopyError}
              />
            ))}
          </Tabs.Panel>
        ))}
      </Tabs>
      {Boolean(error) && <Input.Error role="alert">{valueErrorInWords(error)}</Input.Error>}
    </section>
  );
}

interface SnippetProps {
  target: CallTarget;
  text: string;
  copy: { label: string; source: () => Promise<string> };
  onError: (error: unknown) => void;
}

function Snippet({ target, text, copy, onError }: SnippetProps) {
  return (
    <div>
      <div className={classes.heading}>
        <div>
          <Text size="sm" fw={600}>
            {target.title}
          </Text>
          <Text size="xs" c="dimmed">
            {target.explanation}
          </Text>
        </div>
        <CopyButton
          label={`Copy ${target.id === "graphql" ? "command" : "call to your API"} ${copy.label}`}
          value={copy.source}
          onError={onError}
        />
      </div>
      <pre className={classes.code}>{text}</pre>
    </div>
  );
}
