/**
 * The seed of generated tests: the commit gives it, so that a run of CI can be repeated, and each commit plays other
 * cases.
 */
import { execFileSync } from 'node:child_process'

/** @returns a whole number below 2^28; a random one where there is no repository */
export function seedOfCommit(): number {
  try {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return Number.parseInt(commit.slice(0, 7), 16)
  } catch {
    return Math.floor(Math.random() * 2 ** 28)
  }
}
