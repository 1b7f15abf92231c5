import { SlipwayError } from '../contracts/failure.js'
import { readSecretFiles } from '../contracts/secret-files.js'

readSecretFiles()

/** @throws SlipwayError BadRequest naming the variable */
export function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new SlipwayError('BadRequest', `${name} is not set; docker-compose.yml shows its value`)
}
