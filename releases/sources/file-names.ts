/**
 * Names in a stored source: they become files on other machines, so none may lead out of the folder or be read in two
 * ways.
 */
import { SlipwayError } from '../../contracts/failure.js'

const LONGEST_PART = 255
const LONGEST = 1_000

/**
 * @throws SlipwayError BadData for an absolute name, one that leads elsewhere, is too long, or has control characters
 */
export function requireSafeName(name: string): void {
  const problem = problemOf(name)
  if (problem)
    throw new SlipwayError('BadData', `the name ${JSON.stringify(name.slice(0, LONGEST))} ${problem}; rename it`)
}

function problemOf(name: string): string | undefined {
  if (name.startsWith('/')) return 'is absolute'
  const parts = name.split('/')
  if (parts.some((part) => part === '..' || part === '.' || part === '')) return 'leads out of its folder'
  if (/\p{Cc}/u.test(name)) return 'has a control character'
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_PART) || Buffer.byteLength(name) > LONGEST)
    return 'is too long'
  return undefined
}
