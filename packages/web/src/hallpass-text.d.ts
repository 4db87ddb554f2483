/** See scripts/typed-documents.mjs. */
declare module "hallpass:text/*" {
  export const text: string;
}
