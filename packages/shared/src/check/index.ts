// The check: what the server and the verifier decide alike. For Node.js only.
export { applyChange, type Change, closeGaps, type Gap, maxRecordsOfGap } from "./changes.js";
export {
  type Credential,
  credentialInHeader,
  credentialOf,
  hasOneAuthorization,
  parseAuthorization,
  parseCredential,
} from "./credential.js";
export { type CheckContext, count, type Decision, decide, decideOnHeader, type Refusal, whyDenied } from "./decide.js";
export { internedModules } from "./interned.js";
export { createIpFilter, isWithinRanges, parseIpRange } from "./ip-ranges.js";
export {
  type BucketSize,
  type BucketState,
  bucketHeaders,
  bucketState,
  createLocalBuckets,
  intervalOf,
  type TokenBuckets,
} from "./token-buckets.js";
export { createTokenCache, revocationBoundMs } from "./token-cache.js";
export { createTokenReader, type TokenReader } from "./token-reader.js";
export type * from "./types.js";
export { Undecided } from "./undecided.js";
export * from "./usage-counts.js";
export * from "./verifier-protocol.js";
