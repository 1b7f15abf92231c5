import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { readNamedFile } from '../../contracts/named-file.js'
import { jsonOf } from '../../contracts/utf8.js'

/**
 * @param what for messages: `policy file`
 * @throws SlipwayError BadRequest if the file cannot be read or is not JSON
 */
export function readJson(file: string, what: string): unknown {
  const bytes = readNamedFile(file, what, 'name an existing JSON file')
  try {
    return jsonOf(bytes)
  } catch (error) {
    throw new SlipwayError('BadRequest', `${what} ${file} is not JSON: ${errorText(error)}`)
  }
}
