import type { ExposureRequest } from '../../contracts/activities.js'
import type { Breach } from '../../contracts/types.js'
import { openBreaches, type StoredBreach } from '../../exposure/breaches.js'
import type { Registry } from '../../registry/index.js'

/** Breaches of a run up to an instant (epoch ms of event time) that no earlier look has acted on. */
export async function readOpenBreaches(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId, phase, looksAfter }: ExposureRequest,
  asOf: number,
): Promise<Breach[]> {
  const entries = await registry.ledger.entries(project, { kind: 'breach', subject: workflowId })
  const stored: StoredBreach[] = entries.map(({ body, seq }) => ({ ...body, seq }))
  const actedOn = stored.some(({ at }) => Date.parse(at) <= looksAfter)
    ? await registry.ledger.newestLook({ project, workflowId, phase, until: looksAfter })
    : null
  return openBreaches(stored, { phase, asOf, looksAfter, actedOnSeq: actedOn?.seq ?? null })
}
