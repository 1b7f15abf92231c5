/** Words of queries and listings: lower case, without accents and without the s of a plural. */
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
