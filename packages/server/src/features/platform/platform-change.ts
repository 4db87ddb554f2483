import type { EntityManager } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { Journal } from "./journal.js";
import type { Platform } from "./platform-file.js";
import type { PlatformState } from "./platform-state.js";

/** One run of `apply`, inside its transaction. */
export interface PlatformChange {
  app: AppContext;
  manager: EntityManager;
  /** IDs in the file. */
  listed: Record<keyof Platform, Set<string>>;
  /** Kept up to date during the run. */
  state: PlatformState;
  journal: Journal;
  /** Whether to remove items the file does not list. */
  prune: boolean;
}
