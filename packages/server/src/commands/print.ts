import { once } from "node:events";

export interface OutputOptions {
  /** Print JSON instead of text. */
  json?: boolean;
}

type Row = Record<string, string | Date | null>;

/** Prints rows as they are read: columns separated by tabs, or a JSON array. */
export async function printRows(rows: Iterable<Row> | AsyncIterable<Row>, { json }: OutputOptions): Promise<void> {
  let count = 0;
  for await (const row of rows) {
    const start = count++ === 0 ? "[" : ",";
    await print(json ? `${start}\n${JSON.stringify(row)}` : `${Object.values(row).map(cell).join("\t")}\n`);
  }
  if (json) await print(count === 0 ? "[]\n" : "\n]\n");
}

const cell = (value: string | Date | null) => (value instanceof Date ? value.toISOString() : (value ?? "-"));

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}
