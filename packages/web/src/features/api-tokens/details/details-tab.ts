/** The tabs of a token’s page, as named in its URL. The first has no suffix. */
export const detailsTabs = ["general", "modules", "details", "usage", "audit-trail"] as const;

export type DetailsTab = (typeof detailsTabs)[number];
