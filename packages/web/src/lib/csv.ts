/**
 * A line of CSV (RFC 4180). Text that a spreadsheet would treat as a formula is prefixed with `'`, as in the export of the
 * audit trail.
 */
export function csvLine(values: readonly string[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

/** Spreadsheets recognise UTF-8 only by it. */
export const byteOrderMark = "\uFEFF";

function field(value: string): string {
  const safe = /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
