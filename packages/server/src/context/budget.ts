import { badInput } from "../core/errors.js";

/** The remaining cost one request may have, however long the lists it reads. */
export interface Budget {
  left: number;
}

/** In plain fields of rows. See cost.ts. */
export const maxCost = 30_000;

/** `cost` is undefined if only part of the request has run. */
export function tooExpensive(cost?: number): string {
  const [what, limit] = [cost, maxCost].map((each) => each?.toLocaleString("en"));
  return `Request cost ${what ? `${what} ` : ""}exceeds the limit of ${limit}. Ask for fewer rows or fields, or split the request.`;
}

export const createBudget = (): Budget => ({ left: maxCost });

export function charge(budget: Budget, cost: number): void {
  budget.left -= cost;
  if (budget.left < 0) throw badInput(tooExpensive());
}
