import type { ExposureRequest, ExposureResult } from '../../contracts/activities.js'
import { isRollback } from '../../contracts/ledger/index.js'
import { releaseIn } from '../../exposure/arms.js'
import type { Registry } from '../../registry/index.js'

/**
 * Whether production is no longer the release that this phase expects: in a canary the reference, in probation the
 * candidate. Checked at each look, so that a lost signal only costs delay.
 * @returns undefined while production is as expected
 */
export async function productionChange(
  registry: Pick<Registry, 'aliases'>,
  { project, phase, candidate, reference }: ExposureRequest,
): Promise<Required<Pick<ExposureResult, 'outcome' | 'reason' | 'detail'>> | undefined> {
  const expected = releaseIn({ phase, candidate, reference }, 'production')
  const { production } = await registry.aliases.current(project)
  if (production === expected) return undefined
  const [move] = await registry.aliases.newest(project, { most: 1, alias: 'production' })
  const reason = move && isRollback(move) ? 'operator_rollback' : 'production_moved'
  const detail = `Production moved from ${expected} to ${production ?? 'nothing'}, by ${move?.actor}: ${move?.reason}.`
  return { outcome: 'production_changed', reason, detail }
}
