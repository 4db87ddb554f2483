import { useApolloClient } from "@apollo/client/react";
import { Box, Progress, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useRef, useState } from "react";
import { ConfirmDialog } from "../../../components/dialogs/confirm-dialog";
import { counted } from "../../../lib/counted";
import { errorMessage } from "../../../lib/error-message";
import { useNow } from "../../../lib/use-now";
import { useViewer } from "../../session/viewer";
import { showUndo } from "../actions/undo";
import { defaultExpiry, type Expiry, expiryOf } from "../form/expiry";
import { ExpiryField } from "../form/expiry-field";
import { isRecent } from "../impact/recent-use";
import { TypeToConfirm, useTypedConfirmation } from "../impact/type-to-confirm";
import type { BulkFailure } from "../mutations/bulk-mutations";
import { BulkFailures } from "./bulk-failures";
import { bulkQuestions, type SelectionAction } from "./bulk-questions";
import { type BulkOutcome, useBulkRun } from "./use-bulk-run";
import { UseOfTokens } from "./use-of-tokens";
import { type SelectedToken, useSelectedTokens } from "./use-selected-tokens";

interface BulkDialogProps {
  action: SelectionAction;
  ids: readonly string[];
  /** `isDone` if there is nothing left to do with the selection. */
  onClose: (isDone: boolean) => void;
}

const closeButtonProps = { "aria-label": "Close message" };
const needed = { ENABLE: "ENABLE", DISABLE: "DISABLE", DELETE: "DELETE", SET_EXPIRY: "EDIT" } as const;

/** Asks one question about the selected tokens, changes them, and lists those that couldn’t be changed. */
export function BulkDialog({ action, ids, onClose }: BulkDialogProps) {
  const question = bulkQuestions[action];
  const now = useNow();
  const { tokens, error, reload } = useSelectedTokens(ids);
  const eligible = (tokens ?? []).filter(({ availableActions }) => availableActions.includes(needed[action]));
  const used = eligible.filter(({ lastAccessAt }) => isRecent(lastAccessAt, now));
  const typed = useTypedConfirmation(String(eligible.length), action === "DELETE" && used.length > 0);
  const expiry = useChosenExpiry();
  const { change, outcome, progress } = useBulkChange(action, onClose);

  function confirm() {
    if (error) return reload();
    const expiresAt = action === "SET_EXPIRY" ? expiry.check() : null;
    if (expiresAt === undefined || !typed.check()) return;
    void change(outcome ? outcome.failures.map(({ id }) => id) : eligible.map(({ id }) => id), expiresAt);
  }

  const isEmpty = tokens !== undefined && eligible.length === 0;
  return (
    <ConfirmDialog
      title={question.title(tokens ? eligible.length : ids.length)}
      confirmLabel={question.verb}
      destructive={question.destructive}
      pending={progress !== null}
      loading={!tokens && !error}
      error={error ? errorMessage(error) : outcome && notDone(outcome)}
      canConfirm={!isEmpty}
      onConfirm={confirm}
      onClose={() => onClose(outcome !== null || isEmpty)}
    >
      {isEmpty ? question.nothing : question.consequence}
      {tokens && !isEmpty && (
        <>
          {eligible.length < ids.length && (
            <Text size="sm" mt="sm">
              {question.skipped(ids.length - eligible.length)}
            </Text>
          )}
          {action === "SET_EXPIRY" ? (
            <Box mt="md">
              <ExpiryField value={expiry.value} error={expiry.error} onChange={expiry.choose} />
            </Box>
          ) : (
            <UseOfTokens tokens={eligible} />
          )}
        </>
      )}
      {typed.field && !outcome && (
        <TypeToConfirm
          field={typed.field}
          label={`Some of these are in use. To delete all ${eligible.length}, type ${eligible.length}`}
        />
      )}
      {progress && <Running {...progress} />}
      {outcome && !progress && <BulkFailures failures={outcome.failures} nameOf={namesOf(tokens ?? [])} />}
    </ConfirmDialog>
  );
}

/** The error of a token that the first request has changed, although its response was lost. */
const doneBefore: Record<SelectionAction, string | null> = {
  ENABLE: "ILLEGAL_TRANSITION",
  DISABLE: "ILLEGAL_TRANSITION",
  DELETE: "NOT_FOUND",
  SET_EXPIRY: null,
};

/** Runs the change, and says what it did once no token is left or the page was left. */
function useBulkChange(action: SelectionAction, onClose: BulkDialogProps["onClose"]) {
  const client = useApolloClient();
  const { account } = useViewer();
  const [outcome, setOutcome] = useState<BulkOutcome | null>(null);
  const { run, progress } = useBulkRun(action, account.id);
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  async function change(ids: readonly string[], expiresAt: Date | null) {
    const unanswered = new Set(outcome?.failures.filter(({ code }) => code === undefined).map(({ id }) => id));
    const result = await run(ids, expiresAt?.toISOString() ?? null);
    const isDone = ({ id, code }: BulkFailure) => unanswered.has(id) && code === doneBefore[action];
    const failures = result.failures.filter((failure) => !isDone(failure));
    const done = result.failures.filter(isDone).map(({ id }) => id);
    const changed = [...(outcome?.changed ?? []), ...result.changed, ...done];
    if (failures.length > 0) {
      if (isShown.current) return setOutcome({ changed, failures });
      const message = `${notDone({ changed, failures })} ${failures[0]?.message ?? ""}`;
      return void notifications.show({ message, color: "red", autoClose: false, closeButtonProps });
    }
    const message = bulkQuestions[action].done(changed.length);
    if (action === "ENABLE" || action === "DISABLE")
      showUndo(client, { action, ids: changed, accountId: account.id }, message);
    else notifications.show({ message, closeButtonProps });
    onClose(true);
  }
  return { change, outcome, progress };
}

function useChosenExpiry() {
  const [value, setValue] = useState<Expiry>(defaultExpiry);
  const [error, setError] = useState<string>();
  return {
    value,
    error,
    choose(chosen: Expiry) {
      setError(undefined);
      setValue(chosen);
    },
    /** Null for never. Undefined if it isn’t a future date, which the field then says. */
    check(): Date | null | undefined {
      const now = new Date();
      const expiresAt = expiryOf(value, now);
      if (expiresAt === null || expiresAt > now) return expiresAt;
      setError("Choose today or a later date.");
      return undefined;
    },
  };
}

function Running({ done, of }: { done: number; of: number }) {
  return (
    <div role="status">
      <Progress mt="md" value={(100 * done) / of} aria-label="Progress" />
      <Text size="sm" mt={4}>
        {done} of {counted(of, "API token")}
      </Text>
    </div>
  );
}

function notDone({ changed, failures }: BulkOutcome): string {
  const failed = `${counted(failures.length, "API token")} couldn’t be changed.`;
  return changed.length === 0 ? failed : `${counted(changed.length, "API token")} changed, but ${failed}`;
}

function namesOf(tokens: readonly SelectedToken[]) {
  const names = new Map(tokens.map(({ id, name }) => [id, name]));
  return (id: string) => names.get(id) ?? id;
}
