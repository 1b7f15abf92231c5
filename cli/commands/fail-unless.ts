/** `--fail-unless`: the exit code of a command that ends with a verdict, for CI. */
import { Option } from 'commander'
import type { VerdictName } from '../../contracts/names.js'

const WANTED = ['promoted', 'not-rolled-back'] as const
export type WantedVerdict = (typeof WANTED)[number]

export const failUnlessOption = (when = ''): Option =>
  new Option(
    '--fail-unless <verdict>',
    `${when}exit with 1 for any verdict but promoted, or for rolled_back and reverted; failed always exits with 1`,
  ).choices([...WANTED])

/** Whether the command succeeds. A release that failed never does. */
export function meets(verdict: VerdictName, wanted: WantedVerdict | undefined): boolean {
  if (wanted === 'promoted') return verdict === 'promoted'
  if (wanted === 'not-rolled-back' && (verdict === 'rolled_back' || verdict === 'reverted')) return false
  return verdict !== 'failed'
}
