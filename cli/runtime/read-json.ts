import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import { readNamedFile } from '../../contracts/named-file.js'
import { textOf } from '../../contracts/utf8.js'
import { repeatedKey } from './unique-keys.js'

/**
 * @param what for messages: `policy file`
 * @throws SlipwayError BadRequest if the file cannot be read, is not JSON, or has a field twice in one object
 */
export function readJson(file: string, what: string): unknown {
  const bytes = readNamedFile(file, what, 'name an existing JSON file')
  const [text, value] = parsed(bytes, `${what} ${file}`)
  const repeated = repeatedKey(text)
  if (repeated === undefined) return value
  const place = `line ${repeated.line}: ${JSON.stringify(repeated.key)}`
  throw new SlipwayError('BadRequest', `${what} ${file}, ${place} is given twice in one object; keep one of them`)
}

function parsed(bytes: Uint8Array, what: string): [text: string, value: unknown] {
  try {
    const text = textOf(bytes)
    return [text, parseJson(text)]
  } catch (error) {
    throw new SlipwayError('BadRequest', `${what} is not JSON: ${errorText(error)}`)
  }
}
