import { readFileSync } from 'node:fs'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'

/**
 * @param what for messages: `policy file`
 * @throws SlipwayError BadRequest if the file cannot be read or is not JSON
 */
export function readJson(file: string, what: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new SlipwayError('BadRequest', `${what} ${file} cannot be read; name an existing JSON file`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SlipwayError('BadRequest', `${what} ${file} is not JSON: ${errorText(error)}`)
  }
}
