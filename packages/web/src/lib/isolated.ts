/** Right-to-left characters and bidirectional marks. */
const turning =
  /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const marks = /[\u202A-\u202E\u2066-\u2069]/g;

/** Isolates a name in a sentence, so that its direction doesn’t affect the text around it. */
export function isolated(name: string): string {
  return turning.test(name) ? `\u2068${name.replace(marks, "")}\u2069` : name;
}
