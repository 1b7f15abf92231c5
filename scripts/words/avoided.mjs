const ESCAPED_PIPE = '\u0000'

/** Rows of the table "Words to avoid": patterns of the first column, advice of the second. */
export function avoidedWords(glossary) {
  const table = glossary.split('## Words to avoid')[1] ?? ''
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  return rows.flatMap((row) => {
    const [, avoid, instead] = row.replaceAll('\\|', ESCAPED_PIPE).split('|')
    const entries = [...avoid.matchAll(/`([^`]+)`/g)].map(([, entry]) => entry.replaceAll(ESCAPED_PIPE, '|'))
    return entries.map((entry) => ({ pattern: patternOf(entry), instead: instead.trim() }))
  })
}

/** What is to be avoided in one text. */
export const problemsOf = (words, text) =>
  words.flatMap(({ pattern, instead }) => [...text.matchAll(pattern)].map(([word]) => ({ word: word.trim(), instead })))

function patternOf(entry) {
  if (entry.startsWith('/')) return new RegExp(entry.slice(1, -1), 'g')
  return new RegExp(`(?<![\\w-])${entry.replaceAll(' ', '\\s+')}(?![\\w-])`, 'gi')
}
