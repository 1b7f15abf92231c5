import { readFileSync } from 'node:fs'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { jsonOf } from '../../contracts/utf8.js'

/**
 * @param what for messages: `policy file`
 * @throws SlipwayError BadRequest if the file cannot be read or is not JSON
 */
export function readJson(file: string, what: string): unknown {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    throw new SlipwayError('BadRequest', `${what} ${file} cannot be read; name an existing JSON file`)
  }
  try {
    return jsonOf(bytes)
  } catch (error) {
    throw new SlipwayError('BadRequest', `${what} ${file} is not JSON: ${errorText(error)}`)
  }
}
