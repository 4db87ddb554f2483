interface TrustedTypes {
  createPolicy(name: "default", rules: { createHTML: (html: string) => string | null }): void;
}

/**
 * Creates the default policy required by the server’s content security policy (`require-trusted-types-for`). Libraries
 * may assign text without tags to innerHTML, as Mantine does with its styles. `allowed` matches tags without attributes
 * that are allowed as well. There are no rules for scripts or script URLs, so no string can become one.
 */
export function trustOnlyPlainHtml(allowed = /(?!)/g): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy("default", {
    createHTML: (html) => (html.replace(allowed, "").includes("<") ? null : html),
  });
}
