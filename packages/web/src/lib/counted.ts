import { limits } from "@hallpass/shared";

const numbers = new Intl.NumberFormat("en");

/** "1,204". */
export const number = (value: number): string => numbers.format(value);

/** "1 token", "1,204 tokens". */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** Whether a list has more rows than are counted. `countUpTo` counts one more. */
export const isUncounted = (total: number): boolean => total > limits.countedRows;

/** "1 row", "1,204 rows", "over 10,000 rows". */
export const countedUpTo = (total: number, noun: string): string =>
  isUncounted(total) ? `over ${counted(limits.countedRows, noun)}` : counted(total, noun);
