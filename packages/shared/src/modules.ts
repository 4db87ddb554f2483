/** A part of the platform that tokens can be granted access to. */
export interface ModuleSummary {
  id: string;
  name: string;
  description: string | null;
}

/** The three modules Hallpass itself checks. All others are the platform's own. */
export const hallpassModules = {
  /** To read or change tokens through GraphQL. */
  accessManagement: "MOD-1255",
  /** To read the audit trail. */
  audit: "MOD-1290",
  /** To introspect other tokens. */
  tokenVerification: "MOD-1299",
} as const;
