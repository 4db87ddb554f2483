import { ServerError } from "@apollo/client";
import { accountHeader } from "@hallpass/shared";

export type ExportFormat = "csv" | "jsonl";

/**
 * Fetches the account's whole trail and hands it to the browser as a file; answers with the file's name. Not a plain link: whoever
 * is refused would stand before a page of JSON, and a file that broke off on the way would look like a whole one.
 * Throws what `errorMessage` can put into words.
 */
export async function exportAuditTrail(format: ExportFormat, accountId: string): Promise<string> {
  const response = await fetch(`/exports/audit-trail.${format}`, {
    credentials: "same-origin",
    headers: { [accountHeader]: accountId },
  });
  if (!response.ok) throw new ServerError(response.statusText, { response, bodyText: await response.text() });
  const [, name = `audit-trail.${format}`] =
    /filename="([\w.-]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  // The browser keeps large ones on the disk.
  save(await response.blob(), name);
  return name;
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: the download begins after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
