/** Limits that both server and web app enforce. Lengths are in characters. */
export const limits = {
  nameLength: 120,
  descriptionLength: 2000,
  /** Maximum of a policy's numbers of days. */
  maxLifetimeDays: 3_650,
  /** Minimum length of a password that a person chooses. */
  passwordLength: 12,
  searchLength: 200,
  idempotencyKeyLength: 100,
  modulesPerToken: 200,
  ipRangesPerToken: 100,
  /** Maximum of a token's rate limit: requests, and the seconds they are counted over. */
  rateLimitRequests: 1_000_000,
  rateLimitSeconds: 86_400,
  /** Maximum number of tokens one mutation can change. */
  tokensPerChange: 1_000,
  /** Bytes of the uploaded file, before re-encoding. */
  logoBytes: 512 * 1024,
  /** Maximum width and height of the uploaded image, in pixels. */
  logoInputSide: 1_024,
  /** Width and height after re-encoding, in pixels. */
  logoSide: 128,
  /** Lists with more rows say "over 10,000", because counting a million takes a while. */
  countedRows: 10_000,
  pageSize: 100,
  defaultPageSize: 10,
  orderLevels: 8,
  /** How long a previous value may stay valid after a rotation, in seconds: 7 days. */
  rotationOverlapSeconds: 604_800,
  /** Maximum number of days of usage. */
  usageDays: 90,
  filterDepth: 3,
  filterConditions: 20,
  /** Maximum number of entries of one list in a filter, e.g. moduleIds. */
  filterListLength: 100,
  /** Maximum number of webhooks of an account. */
  webhooks: 10,
  webhookUrlLength: 2_000,
  viewNameLength: 60,
  viewQueryLength: 4_000,
  /** Maximum number of saved views: of one person in an account, and shared within it. */
  savedViews: 50,
} as const;
