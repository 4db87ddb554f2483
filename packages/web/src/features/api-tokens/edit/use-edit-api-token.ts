import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { errorMessage } from "../../../lib/error-message";
import { isolated } from "../../../lib/isolated";
import type { Policy } from "../../policy/policy";
import type { FormStep } from "../form/token-draft";
import { useTokenForm } from "../form/use-token-form";
import { updateApiToken } from "../mutations/api-token-mutations";
import { changesOf, differences, draftOf, type EditableToken, editableApiToken, rebase } from "./editable-token";

/** The state of an open Edit dialog: original token, input and save result. */
export function useEditApiToken(token: EditableToken, policy: Policy | undefined) {
  const client = useApolloClient();
  const [base, setBase] = useState(token);
  const form = useTokenForm(draftOf(token), { policy, isNew: false });
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [conflict, setConflict] = useState<string | null>(null);
  const [current, setCurrent] = useState<EditableToken | null>(null);
  const changes = changesOf(form.draft, base);
  const changed = Object.keys(changes).length > 0;

  async function readCurrent(): Promise<EditableToken | null> {
    const { data } = await client.query({
      query: editableApiToken,
      variables: { id: base.id },
      fetchPolicy: "network-only",
    });
    return (data?.apiToken ?? null) as EditableToken | null;
  }

  async function meetConflict() {
    const newest = await readCurrent();
    setCurrent(newest);
    setConflict(newest ? conflictInWords(base, newest) : "The API token no longer exists. Someone has deleted it.");
    form.refuse({});
  }

  async function attempt(): Promise<FormStep | "saved" | null> {
    const { userErrors } = await updateApiToken(client, { id: base.id, version: base.version, ...changes });
    if (userErrors.length === 0) return "saved";
    if (userErrors.some(({ code }) => code === "VERSION_CONFLICT")) {
      await meetConflict();
      return null;
    }
    const { step, others } = form.place(userErrors);
    setFailure(others[0] ?? null);
    return step;
  }

  /** Returns "saved", the step with an error, or null if the error is in `failure` or `conflict`. */
  async function save(): Promise<FormStep | "saved" | null> {
    if (!changed) return "saved";
    setPending(true);
    setFailure(null);
    setConflict(null);
    try {
      return await attempt();
    } catch (error) {
      setFailure(`${errorMessage(error)} Your changes are still here.`);
      form.refuse({});
      return null;
    } finally {
      setPending(false);
    }
  }

  /** Keeps edited fields, updates all others, and makes the latest version the base of the next save. */
  function loadCurrent() {
    if (!current) return;
    form.change(rebase(form.draft, base, current));
    setBase(current);
    setConflict(null);
  }

  return { form, base, changed, pending, failure, conflict, save, loadCurrent };
}

function conflictInWords(mine: EditableToken, theirs: EditableToken): string {
  const who = isolated(theirs.events.find(({ kind }) => kind === "UPDATED")?.by?.name ?? "Someone");
  const what = new Intl.ListFormat("en").format(differences(mine, theirs));
  const did = what
    ? `${who} changed the ${what} since you opened this.`
    : "The API token has changed since you opened it.";
  return `${did} Nothing was saved. Load the latest version to continue. You’ll keep your changes, and all other fields will be updated.`;
}
