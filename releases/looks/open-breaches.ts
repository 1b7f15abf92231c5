import type { ExposureRequest } from '../../contracts/activities.js'
import { eventNow } from '../../contracts/clock.js'
import type { Breach } from '../../contracts/types.js'
import { openBreaches, type StoredBreach } from '../../exposure/breaches.js'
import type { Registry } from '../../registry/index.js'

/**
 * Breaches of a run up to an instant (epoch ms of event time) that no earlier look has acted on. Without those of pause
 * power that cannot change anything: the judge names a breach before harm and the deadline, so a lasting one would hide
 * both.
 */
export async function readOpenBreaches(
  registry: Pick<Registry, 'ledger'>,
  request: ExposureRequest,
  asOf: number,
): Promise<Breach[]> {
  const { project, workflowId, phase, looksAfter } = request
  const entries = await registry.ledger.entries(project, { kind: 'breach', subject: workflowId })
  const stored: StoredBreach[] = entries.map(({ body, seq }) => ({ ...body, seq }))
  const actedOn = stored.some(({ at }) => Date.parse(at) <= looksAfter)
    ? await registry.ledger.newestLook({ project, workflowId, phase, until: looksAfter })
    : null
  const open = openBreaches(stored, { phase, asOf, looksAfter, actedOnSeq: actedOn?.seq ?? null })
  return open.filter((breach) => breach.power === 'rollback' || pauses(request, breach))
}

/**
 * Whether a breach of pause power has an effect. A probation cannot be paused, and a paused canary is paused already;
 * only a promotion by hand counts it also then.
 */
function pauses({ phase, paused, once, clock, resumedAt }: ExposureRequest, { at }: Breach): boolean {
  if (phase === 'probation' || (paused && !once)) return false
  return resumedAt === undefined || Date.parse(at) > eventNow(clock, resumedAt)
}
