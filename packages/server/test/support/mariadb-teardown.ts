import type { Mariadb } from "./mariadb.js";

export default async function removeAfterTheRun(): Promise<void> {
  await (globalThis as { hallpassTestMariadb?: Mariadb }).hallpassTestMariadb?.remove();
}
