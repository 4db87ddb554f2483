import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default async function newTable(): Promise<void> {
  process.env.HALLPASS_FAULTS_TABLE = join(tmpdir(), `hallpass-faults-${process.pid}.jsonl`);
  rmSync(process.env.HALLPASS_FAULTS_TABLE, { force: true });
}
