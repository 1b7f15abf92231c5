/** Words of queries and listings, the same for both: lower case, accents off, a plural's s off. */

const WORD = /[a-z0-9]+/g

export function wordsOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{Mark}|['’]/gu, '')
  return (plain.match(WORD) ?? []).map(stem)
}

const stem = (word: string): string =>
  word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
