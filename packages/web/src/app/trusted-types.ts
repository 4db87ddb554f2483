interface TrustedTypes {
  createPolicy(name: "default", rules: { createHTML: (html: string) => string | null }): void;
}

/**
 * What the server's content security policy (`require-trusted-types-for`) asks of every text that a library hands to
 * innerHTML and its like. Mantine hands over its style sheets, and no page of the app needs a tag. There
 * is no rule for scripts and their URLs, so no string can become one. `allowed`: tags without attributes that may stand in it.
 */
export function trustOnlyPlainHtml(allowed = /(?!)/g): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy("default", {
    createHTML: (html) => (html.replace(allowed, "").includes("<") ? null : html),
  });
}
