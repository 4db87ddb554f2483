import { ServerError } from "@apollo/client";
import { accountHeader } from "@hallpass/shared";
import type { AuditRecordFilter } from "../../../gql/graphql";
import { saveFile } from "../../../lib/save-file";

export type ExportFormat = "csv" | "jsonl";

/**
 * Downloads the account’s trail, or the records that match, and returns the file’s name. A plain link would show errors as a page of JSON, and
 * an interrupted download would look complete.
 * Throws errors that `errorMessage` can explain.
 */
export async function downloadAuditTrail(
  format: ExportFormat,
  accountId: string,
  filter: AuditRecordFilter | null,
): Promise<string> {
  const response = await fetch(`/exports/audit-trail.${format}${queryOf(filter)}`, {
    credentials: "same-origin",
    headers: { [accountHeader]: accountId },
  });
  if (!response.ok) throw new ServerError(response.statusText, { response, bodyText: await response.text() });
  const [, name = `audit-trail.${format}`] =
    /filename="([\w.-]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  // Browsers store large blobs on disk.
  saveFile(await response.blob(), name);
  return name;
}

/** An empty list matches nothing, which leaving it out would not say. */
const listed = (name: string, values: readonly string[] | null | undefined) =>
  (values?.length === 0 ? [""] : (values ?? [])).map((value) => [name, value]);

function queryOf(filter: AuditRecordFilter | null): string {
  const { objectIds, actorIds, events, at } = filter ?? {};
  const pairs = [
    ...listed("objectId", objectIds),
    ...listed("actorId", actorIds),
    ...listed("event", events),
    ...(at?.from ? [["from", at.from]] : []),
    ...(at?.to ? [["to", at.to]] : []),
  ];
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : "";
}
