const SEPARATORS = [',', ';', '\t'] as const
const NEWLINE = 0x0a

/** What separates the cells of a table: most frequent in its header, outside of quotes. The comma, if none is there. */
export function separatorOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(NEWLINE)
  const header = Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString('utf8')
  const unquoted = header.replace(/"[^"]*"/g, '')
  const counts = SEPARATORS.map((separator) => unquoted.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] as string
}
