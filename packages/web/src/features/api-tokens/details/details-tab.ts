/** The tabs of a token's page, by their names in its URL; the first stands at the page's own. */
export const detailsTabs = ["general", "modules", "details", "usage", "audit-trail"] as const;

export type DetailsTab = (typeof detailsTabs)[number];
