import { Alert, Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { CopyButton } from "../../../components/copy-button";
import type { AuditHeadSignature } from "../../../gql/graphql";
import { errorMessage } from "../../../lib/error-message";
import type { SearchParams } from "../../../lib/search-params";
import type { Verification, VerificationState } from "./use-verification";
import classes from "./verify-dialog.module.css";

interface VerificationResultProps {
  state: VerificationState;
  account: { id: string };
}

/** The progress and result of a verification. Screen readers announce it, and the result gets focus. */
export function VerificationResult({ state, account }: VerificationResultProps) {
  return (
    <div aria-live="polite">
      {state.kind === "pending" && (
        <Text size="sm" c="dimmed">
          Verifying… This can take a while for a long trail.
        </Text>
      )}
      {state.kind === "failed" && (
        <Outcome good={false} title="Couldn’t verify the audit trail">
          {errorMessage(state.error)}
        </Outcome>
      )}
      {state.kind === "done" && <Finding {...state} accountId={account.id} />}
    </div>
  );
}

function Finding(props: GoodProps) {
  const { fault, headSignature } = props.verification;
  if (fault) return <Faulty fault={fault} />;
  if (headSignature !== "VALID") return <NotSigned signature={headSignature} />;
  return <Good {...props} />;
}

interface GoodProps {
  verification: Verification;
  noted: { sequence: number } | null;
  accountId: string;
}

function Good({ verification: { records, archivedRecords, head }, noted, accountId }: GoodProps) {
  // The format `audit head` prints.
  const line = [accountId, head.sequence, head.hash, head.keyId, head.signature].join(" ");
  return (
    <>
      <Outcome good title={allGood(records, archivedRecords)}>
        {aboutNoted(noted, archivedRecords)}
        {archivedRecords > 0 &&
          ` Records 1 to ${count(archivedRecords)} are archived. Your Hallpass operator can verify them with “audit verify --archive”.`}
      </Outcome>
      <div className={classes.heading}>
        <h3>Trail head</h3>
        <CopyButton label="Copy head" value={line} />
      </div>
      <code className={classes.head}>{line}</code>
      <Text size="sm" c="dimmed" mt={6}>
        Save this head where no one who can write to the database can change it. Enter it next time to detect
        truncation.
      </Text>
    </>
  );
}

function Faulty({ fault: { sequence, message, record } }: { fault: NonNullable<Verification["fault"]> }) {
  return (
    <Outcome good={false} title="The audit trail has been altered">
      {message} This is the first mismatch. Later records weren’t checked.
      {record && <RecordButton id={record.id} label={`View record ${count(sequence)}`} />}
    </Outcome>
  );
}

const signatureTitles: Record<Exclude<AuditHeadSignature, "VALID">, string> = {
  UNSIGNED: "The trail head isn’t signed",
  INVALID: "The trail head’s signature is invalid",
  UNCHECKED: "The trail head’s signature can’t be checked",
};

/** The chain is consistent, but nothing proves who wrote it. */
function NotSigned({ signature }: { signature: Exclude<AuditHeadSignature, "VALID"> }) {
  return (
    <Outcome good={false} title={signatureTitles[signature]}>
      Every record matches its hash, but there’s no proof that Hallpass wrote them all. Someone with access to the
      database may have rewritten the trail, or Hallpass ran without its encryption key. Ask your Hallpass operator to
      run “audit verify”.
    </Outcome>
  );
}

function RecordButton({ id, label }: { id: string; label: string }) {
  return (
    <Button
      variant="default"
      size="xs"
      display="block"
      w="fit-content"
      mt="xs"
      lh={2.2}
      renderRoot={(props) => (
        <Link
          to="."
          search={((old: SearchParams) => ({ ...old, record: id })) as never}
          resetScroll={false}
          {...props}
        />
      )}
    >
      {label}
    </Button>
  );
}

interface OutcomeProps {
  good: boolean;
  title: string;
  children: ReactNode;
}

function Outcome({ good, title, children }: OutcomeProps) {
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => alert.current?.focus(), []);
  return (
    <Alert
      ref={alert}
      tabIndex={-1}
      className={classes.outcome ?? ""}
      color={good ? "pine" : "red"}
      variant="light"
      role={good ? "group" : "alert"}
      title={title}
      icon={good ? <IconCircleCheck aria-hidden="true" /> : <IconAlertTriangle aria-hidden="true" />}
    >
      <Text size="sm" c="var(--mantine-color-text)" component="div">
        {children}
      </Text>
    </Alert>
  );
}

function aboutNoted(noted: GoodProps["noted"], archivedRecords: number): string {
  if (!noted) return "No saved head was given, so truncation can’t be detected.";
  const record = `Record ${count(noted.sequence)}`;
  // Of archived records, only the newest one’s hash is known.
  const isCompared = noted.sequence === 0 || noted.sequence >= archivedRecords;
  return isCompared ? `${record} matches the saved head.` : `${record} is archived, so the saved head wasn’t compared.`;
}

function allGood(records: number, archivedRecords: number): string {
  if (archivedRecords > 0) return `The records from ${count(archivedRecords + 1)} on are intact`;
  if (records === 0) return "No records yet";
  return records === 1 ? "The only record is intact" : `All ${count(records)} records are intact`;
}

const count = (number: number) => number.toLocaleString("en");
