import { rollbackKey } from '../../contracts/ledger/index.js'
import { previousProduction, type Registry, wasProduction } from '../../registry/index.js'
import type { Consequence } from './consequence.js'

/** @param to a release that was production before; null for the one before the present one */
export async function rollbackConsequence(
  registry: Registry,
  project: string,
  to: string | null,
): Promise<Consequence> {
  const { aliases } = registry
  const [{ production: from }, open] = await Promise.all([aliases.current(project), registry.runs.open(project)])
  const target = to ?? (await previousProduction(aliases, project)) ?? null
  const key = JSON.stringify(['rollback', from, target])
  if (from === null) return { key, says: 'Nothing changes.', not: `${project} has no production to roll back.` }
  if (target === null)
    return {
      key,
      says: 'Nothing changes.',
      not: `There is no earlier production of ${project} to roll back to from ${from}.`,
    }
  if (target === from) return { key, says: 'Nothing changes.', not: `${target} is production already.` }
  if (!(await wasProduction(aliases, project, target)))
    return { key, says: 'Nothing changes.', not: `${target} was never production of ${project}.` }
  const runs = open.filter(({ releaseId }) => releaseId !== null).length
  const about =
    runs === 0
      ? ''
      : `, and ${runs === 1 ? 'the open release is' : `${runs} open releases are`} judged against ${target} or reverted`
  const says = `Production moves from ${from} to ${target} for all traffic, without a build${about}; what ${from} answered cannot be taken back, and to make it production again takes a rollback that names it.`
  return { key, says, not: null, to: target }
}

export const isRollbackMade = async (registry: Registry, project: string, id: string): Promise<boolean> =>
  (await registry.ledger.placeOf(project, rollbackKey(id))) !== null
