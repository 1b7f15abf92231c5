/**
 * The one reader of JSON that users write: files, lines, request bodies, what trainers print. What is nested deeper
 * than any format is refused before it is parsed: functions that walk through the value would run out of stack.
 */

/** Objects and arrays within each other. */
export const MOST_JSON_DEPTH = 200

/** A syntax error, so that whatever refuses text that is no JSON refuses this too. */
export class DeepJson extends SyntaxError {
  constructor() {
    super(`it is nested more than ${MOST_JSON_DEPTH} levels deep, the most that is read; give flat data`)
    this.name = 'DeepJson'
  }
}

/** @throws SyntaxError when it is not JSON, DeepJson when it is nested too deeply */
export function parseJson(text: string): unknown {
  // An editor may have put a byte order mark before it.
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  refuseDeepJson(plain)
  return JSON.parse(plain)
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d]

/** @throws DeepJson */
export function refuseDeepJson(text: string): void {
  if (text.length <= MOST_JSON_DEPTH) return
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      if (at < 0) return
    } else if (code === ARRAY || code === OBJECT) {
      depth += 1
      if (depth > MOST_JSON_DEPTH) throw new DeepJson()
    } else if (code === ARRAY_END || code === OBJECT_END) depth -= 1
  }
}

/** The place of the closing quote; -1 if there is none, which the parser refuses. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1
    if ((at - before) % 2 === 0) return at
  }
  return -1
}
