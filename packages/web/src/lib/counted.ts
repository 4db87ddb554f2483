const numbers = new Intl.NumberFormat("en");

/** "1 token", "1,204 tokens". */
export function counted(count: number, noun: string): string {
  return `${numbers.format(count)} ${count === 1 ? noun : `${noun}s`}`;
}
