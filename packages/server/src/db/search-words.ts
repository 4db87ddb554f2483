/** Without vowels, so that no word is one that MariaDB's full-text index leaves out, such as "from". */
const letters = "0123456789bcdfghjklmnpqrstvwxz";
/** MariaDB does not index words of less than `innodb_ft_min_token_size`, 3 by default. */
export const lettersPerWord = 4;
const wordCount = letters.length ** lettersPerWord;

/** Shorter text is in too many tokens for an index to help. */
export const indexedLength = 3;

/**
 * The words that the search index has for a text of an account: a hash of each three successive characters. Every text
 * that contains this one has all of them. A few others do, too. Words differ between accounts, so that an account's
 * searches do not read through the tokens of another.
 */
export function searchWords(accountId: string, text: string): string[] {
  const words = new Set<string>();
  const seed = hash(0x811c9dc5, accountId);
  for (let start = 0; start + indexedLength <= text.length; start++)
    words.add(wordOf(hash(seed, text.slice(start, start + indexedLength))));
  return [...words];
}

/** A third of them, which cover the whole text: enough to look it up. */
export function coveringWords(accountId: string, text: string): string[] {
  const parts: string[] = [];
  for (let end = text.length; end > 0; end -= indexedLength) {
    const start = Math.max(end - indexedLength, 0);
    parts.push(text.slice(start, start + indexedLength));
  }
  return [...new Set(parts.flatMap((part) => searchWords(accountId, part)))];
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
