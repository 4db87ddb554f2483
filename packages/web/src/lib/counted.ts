const numbers = new Intl.NumberFormat("en");

/** "1,204". */
export const number = (value: number): string => numbers.format(value);

/** "1 token", "1,204 tokens". */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${count === 1 ? noun : `${noun}s`}`;
}
