/**
 * Paragraph lines of a page, without fenced blocks, code in backticks, link targets, and the section of words to avoid
 * itself.
 */
export function proseOf(source) {
  const found = []
  let fenced = false
  source
    .split('## Words to avoid')[0]
    .split('\n')
    .forEach((line, index) => {
      if (line.startsWith('```')) fenced = !fenced
      else if (!fenced && !line.startsWith('    ')) found.push({ line: index + 1, text: textOf(line) })
    })
  return found.filter(({ text }) => text !== '')
}

const textOf = (line) =>
  line
    .replaceAll(/`[^`]*`/g, '`…`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .trim()
