import { open } from "node:fs/promises";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { In } from "typeorm";
import type { AppContext } from "../../../context/app-context.js";
import type { HeadsFile } from "../../../context/services.js";
import { chunksOf } from "../../../core/collections.js";
import { AuditHeadEntity } from "../audit-record.entity.js";
import { checkSignature } from "./head-signature.js";
import { formatHead } from "./saved-heads.js";
import { headPages, headsPerRead } from "./sign-heads.js";

export const noHeadsFile: HeadsFile = {
  changed: () => {},
  appendAll: () => {},
  state: () => "off",
  close: async () => {},
};

const intervalMs = 60_000;
/** With more changed accounts than this, all heads are appended. */
const maxRemembered = 10_000;
/** How long a stop waits for an unresponsive file, in ms. */
const closeLimitMs = 3_000;

type Needs = Pick<AppContext, "dataSource" | "keyring" | "logger">;

export function openHeadsFile(app: Needs, path: string, everyMs = intervalMs): HeadsFile {
  let pending: Set<string> | "all" = new Set();
  let failed = false;
  /** The last run or process may have stopped in the middle of a line. */
  let needsNewLine = true;
  let writing: Promise<void> = Promise.resolve();

  async function append(due: Set<string> | "all"): Promise<void> {
    // Reopened each time, so that the file can be moved away while this process runs.
    const file = await open(path, "a", 0o600);
    try {
      if (needsNewLine && (await file.stat()).size > 0) await file.appendFile("\n");
      needsNewLine = true;
      let unsigned = 0;
      for await (const heads of dueHeads(app, due)) {
        const signed = heads.filter((head) => checkSignature(app.keyring, head) === "VALID");
        unsigned += heads.length - signed.length;
        const lines = signed.map((head) => `${formatHead(head.accountId, head)}\n`);
        if (lines.length > 0) await file.appendFile(lines.join(""));
        // The embedded database answers synchronously, so let requests run in between.
        await setImmediate();
      }
      needsNewLine = false;
      if (unsigned > 0)
        app.logger.error(
          { unsigned },
          "audit heads were not saved, as they are not validly signed; run 'audit verify'",
        );
    } finally {
      await file.close();
    }
  }

  async function flush(): Promise<void> {
    if (pending !== "all" && pending.size === 0) return;
    const due = pending;
    pending = new Set();
    try {
      await append(due);
      failed = false;
    } catch (error) {
      failed = true;
      app.logger.error({ err: error }, "audit heads could not be saved; they are kept for the next attempt");
      if (due === "all") pending = "all";
      else for (const accountId of due) remember(accountId);
    }
  }

  function remember(accountId: string): void {
    if (pending === "all") return;
    pending.add(accountId);
    if (pending.size > maxRemembered) pending = "all";
  }

  const flushNext = (): Promise<void> => {
    writing = writing.then(flush);
    return writing;
  };
  const timer = setInterval(flushNext, everyMs);
  timer.unref();

  return {
    changed: remember,
    appendAll() {
      pending = "all";
      void flushNext();
    },
    state: () => (failed ? "failing" : "ok"),
    async close() {
      clearInterval(timer);
      const done = flushNext().then(() => true);
      const late = sleep(closeLimitMs, false, { ref: false });
      if (!(await Promise.race([done, late])))
        app.logger.error("audit heads could not be saved in time; those of the last changes are missing");
    },
  };
}

/** The current heads. */
async function* dueHeads(app: Needs, due: Set<string> | "all"): AsyncGenerator<AuditHeadEntity[]> {
  if (due === "all") yield* headPages(app);
  else
    for (const ids of chunksOf([...due], headsPerRead))
      yield await app.dataSource.manager.findBy(AuditHeadEntity, { accountId: In(ids) });
}
