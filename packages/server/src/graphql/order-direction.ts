import { enumOf } from "./graphql-types.js";

export const orderDirections = ["ASC", "DESC"] as const;
export type OrderDirection = (typeof orderDirections)[number];
export const OrderDirectionEnum = enumOf("OrderDirection", orderDirections, "Sort direction.", {
  ASC: "Ascending. Missing values first.",
  DESC: "Descending. Missing values last.",
});
