import type { ExposureRequest } from '../../contracts/activities.js'
import { eventNow } from '../../contracts/clock.js'
import { isLive } from '../../contracts/evidence-source.js'
import { actionKey } from '../../contracts/ledger/index.js'
import type { Breach } from '../../contracts/types.js'
import { type ActedOn, breachesThrough, openBreaches, type StoredBreach } from '../../exposure/breaches.js'
import type { Registry } from '../../registry/index.js'
import { instantOf } from './recorded-looks.js'

export interface BreachesAt {
  /** Epoch ms of event time. */
  readonly asOf: number
  /** The look is at the present, not at an earlier instant of the grid. */
  readonly present: boolean
}

export interface BreachesOfLook {
  readonly open: Breach[]
  /** Ledger position up to which the look has each measured breach of its phase; 0 where there is none. */
  readonly through: number
  /** Ledger position of the last breach of the run that is stored; 0 where there is none. */
  readonly read: number
}

/**
 * Breaches of a run up to an instant that no earlier look has acted on, and the ledger positions up to which they are.
 * Without those of pause power that cannot change anything: the judge names a breach before harm and the deadline, so a
 * lasting one would hide both.
 */
export async function readBreaches(
  registry: Pick<Registry, 'ledger'>,
  request: ExposureRequest,
  at: BreachesAt,
): Promise<BreachesOfLook> {
  const { project, workflowId, phase, looksAfter, clock } = request
  const breachesOfRun = { kind: 'breach', subject: workflowId } as const
  const [newest] = await registry.ledger.entries(project, { ...breachesOfRun, newest: 1 })
  if (newest === undefined) return { open: [], through: 0, read: 0 }
  const acted = await readActedOn(registry, request)
  const had = acted?.breachesThrough ?? 0
  // A lasting breach is stored again in each window. In a replay a breach may be of a later instant than its look's.
  const after = isLive(request) ? had : 0
  const entries = await registry.ledger.entries(project, { ...breachesOfRun, after })
  const stored = entries.map(({ body, seq, at: storedAt }): StoredBreach => {
    const measured = isLive(request) && body.phase !== undefined
    return measured
      ? { ...body, seq, measured: { phase: body.phase ?? phase, storedAt: eventNow(clock, Date.parse(storedAt)) } }
      : { ...body, seq }
  })
  const looks = { phase, ...at, looksAfter, actedOn: acted, pauses: await pausing(registry, request) }
  return {
    open: openBreaches(stored, looks),
    through: Math.max(had, breachesThrough(stored, looks)),
    read: Math.max(newest.seq, stored.at(-1)?.seq ?? 0),
  }
}

/** What the last look that the run acted on had of its breaches; null where there is none. */
async function readActedOn(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId, phase, opened, opening = 0, looksAfter, actedOn }: ExposureRequest,
): Promise<ActedOn | null> {
  if (actedOn) return { seq: actedOn.read, breachesRead: actedOn.read, breachesThrough: actedOn.through }
  const newest = (until: number) => registry.ledger.newestLook({ project, workflowId, phase, until })
  let look = await newest(looksAfter)
  // No look of this opening was acted on yet. One by a worker whose clock is behind is as of an instant before it.
  while (look && looksAfter === opened && (look.body.opening ?? 0) === opening)
    look = await newest(instantOf(look.body) - 1)
  if (look === null) return null
  const { breachesThrough, breachesRead } = look.body
  return { seq: look.seq, breachesThrough, breachesRead }
}

export const readOpenBreaches = async (
  registry: Pick<Registry, 'ledger'>,
  request: ExposureRequest,
  at: BreachesAt,
): Promise<Breach[]> => (await readBreaches(registry, request, at)).open

/**
 * Which breaches of pause power have an effect. A probation cannot be paused, and a paused canary is paused already;
 * only a promotion by hand counts them also then. Those that a person knew when resuming it do not pause again: those
 * before the resume in the ledger. Until it is recorded the times of ledger and resume are compared.
 */
async function pausing(
  registry: Pick<Registry, 'ledger'>,
  request: ExposureRequest,
): Promise<(breach: StoredBreach) => boolean> {
  const { phase, paused, once, clock, resumedAt } = request
  if (phase === 'probation' || (paused && !once)) return () => false
  if (resumedAt === undefined) return () => true
  const place = await placeOfResume(registry, request)
  return ({ at, seq, measured }) =>
    place === null ? (measured?.storedAt ?? Date.parse(at)) > eventNow(clock, resumedAt) : seq > place
}

const placeOfResume = async (
  { ledger }: Pick<Registry, 'ledger'>,
  { project, workflowId, resumedBy }: ExposureRequest,
): Promise<number | null> =>
  resumedBy === undefined ? null : await ledger.placeOf(project, actionKey(workflowId, resumedBy))

/** Whether a person has resumed it since its newest look, which paused: its result may have been dropped. */
export async function isResumed(registry: Pick<Registry, 'ledger'>, request: ExposureRequest): Promise<boolean> {
  const { project, workflowId, phase, resumedAt } = request
  if (resumedAt === undefined) return false
  const look = await registry.ledger.newestLook({ project, workflowId, phase })
  const place = await placeOfResume(registry, request)
  return look !== null && (place === null ? Date.parse(look.at) <= resumedAt : look.seq < place)
}
