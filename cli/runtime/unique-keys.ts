/** A JSON object that names a field twice means two things; a parser silently takes the last one. */

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d]

/** @param json text that was parsed without an error @returns the first field that is named twice, and its line */
export function repeatedKey(json: string): { readonly key: string; readonly line: number } | undefined {
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === OBJECT) open.push(new Set())
    else if (code === ARRAY) open.push(null)
    else if (code === OBJECT_END || code === ARRAY_END) open.pop()
    else if (code === QUOTE) {
      const end = endOfString(json, at)
      const keys = open.at(-1)
      if (keys && isKey(json, end)) {
        const key = keyOf(json.slice(at, end + 1))
        if (keys.has(key)) return { key, line: json.slice(0, at).split('\n').length }
        keys.add(key)
      }
      at = end
    }
  }
  return undefined
}

function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

/** A colon follows it. */
function isKey(json: string, end: number): boolean {
  let at = end + 1
  while (json.charCodeAt(at) <= 0x20) at += 1
  return json.charCodeAt(at) === COLON
}

const keyOf = (quoted: string): string => (quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1))
