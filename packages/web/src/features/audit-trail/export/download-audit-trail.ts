import { ServerError } from "@apollo/client";
import { accountHeader } from "@hallpass/shared";
import { saveFile } from "../../../lib/save-file";

export type ExportFormat = "csv" | "jsonl";

/**
 * Downloads the account’s full trail and returns the file’s name. A plain link would show errors as a page of JSON, and
 * an interrupted download would look complete.
 * Throws errors that `errorMessage` can explain.
 */
export async function downloadAuditTrail(format: ExportFormat, accountId: string): Promise<string> {
  const response = await fetch(`/exports/audit-trail.${format}`, {
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
