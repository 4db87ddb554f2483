import { Initial1764000000000 } from "./1764000000000-initial.js";
import { ClosedAccounts1764100000000 } from "./1764100000000-closed-accounts.js";
import { SignedHeads1764200000000 } from "./1764200000000-signed-heads.js";
import { History1764300000000 } from "./1764300000000-history.js";
import { TokenAccess1764400000000 } from "./1764400000000-token-access.js";
import { TokenLimits1764500000000 } from "./1764500000000-token-limits.js";
import { SavedViews1764600000000 } from "./1764600000000-saved-views.js";
import { Lease1764700000000 } from "./1764700000000-lease.js";
import { AuditArchive1764800000000 } from "./1764800000000-audit-archive.js";
import { SessionDetails1764900000000 } from "./1764900000000-session-details.js";
import { AccountPolicy1765000000000 } from "./1765000000000-account-policy.js";
import { Webhooks1765100000000 } from "./1765100000000-webhooks.js";
import { Notices1765200000000 } from "./1765200000000-notices.js";
import { Emails1765300000000 } from "./1765300000000-emails.js";
import { SearchIndex1765400000000 } from "./1765400000000-search-index.js";
import { UsageInKeyOrder1765500000000 } from "./1765500000000-usage-in-key-order.js";

/** In order. A released migration is never changed. */
export const migrations = [
  Initial1764000000000,
  ClosedAccounts1764100000000,
  SignedHeads1764200000000,
  History1764300000000,
  TokenAccess1764400000000,
  TokenLimits1764500000000,
  SavedViews1764600000000,
  Lease1764700000000,
  AuditArchive1764800000000,
  SessionDetails1764900000000,
  AccountPolicy1765000000000,
  Webhooks1765100000000,
  Notices1765200000000,
  Emails1765300000000,
  SearchIndex1765400000000,
  UsageInKeyOrder1765500000000,
];
