/** Without vowels, so that no word is one that MariaDB's full-text index leaves out, such as "from". */
const letters = "0123456789bcdfghjklmnpqrstvwxz";
/** MariaDB does not index words of less than `innodb_ft_min_token_size`, 3 by default. */
export const lettersPerWord = 4;
const wordCount = letters.length ** lettersPerWord;

/** Up to this length, a text is looked up by all of its words. */
const shortLength = 24;

/** Shorter text is in too many tokens for an index to help. */
export const indexedLength = 3;

/**
 * The words that the search index has for a text of an account: a hash of each three successive characters. Every text
 * that contains this one has all of them. A few others do, too. Words differ between accounts, so that an account's
 * searches do not read through the tokens of another.
 */
export function searchWords(accountId: string, text: string): string[] {
  const count = Math.max(text.length - indexedLength + 1, 0);
  return wordsOf(
    accountId,
    Array.from({ length: count }, (_, start) => text.slice(start, start + indexedLength)),
  );
}

/** Words to look up a text by: all that a short one has, and of a longer one a third, which cover it. */
export function wordsToFind(accountId: string, text: string): string[] {
  if (text.length <= shortLength) return searchWords(accountId, text);
  const parts: string[] = [];
  for (let end = text.length; end > 0; end -= indexedLength) {
    const start = Math.max(end - indexedLength, 0);
    parts.push(text.slice(start, start + indexedLength));
  }
  return wordsOf(accountId, parts);
}

/** The words of parts that have three characters each. */
function wordsOf(accountId: string, parts: string[]): string[] {
  const seed = hash(0x811c9dc5, accountId);
  return [...new Set(parts.map((part) => wordOf(hash(seed, part))))];
}

/** FNV-1a, of UTF-16 code units. */
function hash(seed: number, text: string): number {
  let value = seed;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
}

function wordOf(value: number): string {
  // Spreads the differences to all bits.
  const mixed = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  let rest = ((mixed ^ (mixed >>> 13)) >>> 0) % wordCount;
  let word = "";
  for (let letter = 0; letter < lettersPerWord; letter++) {
    word += letters[rest % letters.length];
    rest = Math.floor(rest / letters.length);
  }
  return word;
}
