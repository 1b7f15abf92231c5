/** One step of a canary, or a probation: judges at each look of the grid until there is something to report. */
import { type ExposureRequest, type ExposureResult, NO_MORE_TRAFFIC } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import { eventNow, wallUntil } from '../../contracts/clock.js'
import { durationMs, spanInWords } from '../../contracts/duration.js'
import { isLive } from '../../contracts/evidence-source.js'
import type { Judgement } from '../../contracts/types.js'
import { stepBeganAt } from '../../exposure/planned-steps.js'
import { afterLook, looksBetween, nextLook } from '../../judge/index.js'
import { withClockInForce } from '../exposure/begin-clock.js'
import { openStep } from '../exposure/open-step.js'
import { productionChange } from '../exposure/production-change.js'
import { trafficHasEnded } from '../replay/end-of-traffic.js'
import { isResumed, readOpenBreaches } from './open-breaches.js'
import { instantOf } from './recorded-looks.js'
import { type LookNeeds, type LookState, readLookState, takeLook } from './take-look.js'

/** Wall time. Breaches of live traffic are read at least this often, because the monitor's signal may be lost. */
const BREACH_CHECK_MS = 60_000

export interface WatchNeeds extends LookNeeds {
  /** Wall time in epoch ms. */
  readonly now: () => number
}

/** Nothing to report yet. */
export interface NextLook {
  readonly waitingFor: string
  /** Wall ms until it is worth coming back. */
  readonly waitMs: number
}

/** @returns what ends this step, or when to come back */
export async function watchStep(needs: WatchNeeds, asked: ExposureRequest): Promise<ExposureResult | NextLook> {
  const { registry, now: wallNow } = needs
  const request = await withClockInForce(registry, asked)
  const { policy, clock, opened } = request
  const live = isLive(request)
  const now = eventNow(clock, wallNow())
  const clockInForce = clock.speed === 1 ? {} : { clock }
  const changed = await productionChange(registry, request)
  if (changed) {
    const rolledBack = await rollbackByOwnBreach(needs, request, now)
    return { ...(rolledBack ?? { ...changed, judgement: null, asOf: now }), ...clockInForce }
  }
  await openStep(registry, request, now)
  const every = durationMs(policy.lookEvery)
  // The newest recorded look is repeated, because a worker may have died between recording it and returning. Earlier
  // ones are not: each attempt would repeat its whole step, and a pause would be judged as if it had not happened.
  const state = await readLookState(registry, request)
  const recorded = state.newest && { asOf: instantOf(state.newest), judgement: state.newest.judgement }
  const isOver = recorded?.judgement.action === 'pause' && (await isResumed(registry, request))
  const after = Math.max(request.looksAfter, (recorded?.asOf ?? opened) - (isOver ? 0 : 1))
  const grid = looksBetween({ opened, every, after, until: now })
  // A look that an operator asked for is the grid's latest one, so that its evidence can be recomputed. Before the
  // first one of the grid there is none.
  const latest = Math.max(request.looksAfter, recorded?.asOf ?? opened)
  const looks = request.once && grid.length === 0 && latest > opened ? [latest] : grid
  const result = (outcome: ExposureResult['outcome'], judged: Judgement, asOf: number): ExposureResult => ({
    outcome,
    reason: judged.reason,
    judgement: digestOf(judged),
    asOf,
    ...breachesHad(state),
    ...clockInForce,
  })
  // The run may act on this result long after it is recorded, and no other attempt begins before.
  const stopping = async (found: ExposureResult): Promise<ExposureResult> => {
    if (found.outcome === 'pause' || found.outcome === 'rollback') await registry.exposure.hold(request)
    return found
  }
  for (const asOf of looks) {
    // More live labels arrive later: judging a recorded instant again could give another answer each time. With another
    // deadline it is another question: a person has extended it since.
    const asked = recorded?.asOf === asOf && state.newest?.deadline === request.deadline
    const known = live && !request.once && asked ? recorded.judgement : undefined
    const judged = known ?? (await takeLook(needs, request, state, asOf))
    const outcome = outcomeOf(request, judged, { asOf, latest: asOf === looks.at(-1), state })
    // The instant of this look is in the past: it must not permit anything if there was a breach since.
    if (permits(outcome) && (await readOpenBreaches(registry, request, { asOf: now, present: true })).length > 0)
      continue
    if (outcome) return await stopping(result(outcome, judged, asOf))
    const waits = request.paused || request.awaitsApproval || request.once
    if (live || waits || request.phase === 'probation' || judged.action !== 'continue') continue
    // Later looks would see the same evidence until the deadline.
    if (await trafficHasEnded(needs, request, asOf)) return { ...result('hold', judged, asOf), reason: NO_MORE_TRAFFIC }
  }
  // A breach does not wait for the next look of the grid.
  if ((await readOpenBreaches(registry, request, { asOf: now, present: true })).length > 0) {
    const judged = await takeLook(needs, request, state, now, true)
    const outcome = outcomeOf({ ...request, once: false }, judged, { asOf: now, latest: true, state })
    if (outcome) return await stopping(result(outcome, judged, now))
  }
  const next = nextLook({ opened, every, after: now })
  const wait = wallUntil(clock, next, wallNow())
  return {
    waitingFor: `next look in ${spanInWords(wait)}, as of ${new Date(next).toISOString()}`,
    waitMs: live ? Math.min(wait, BREACH_CHECK_MS) : wait,
  }
}

function breachesHad({ newest }: LookState): Pick<ExposureResult, 'breaches'> {
  const { breachesRead: read, breachesThrough: through } = newest ?? {}
  return read === undefined ? {} : { breaches: { read, ...(through === undefined ? {} : { through }) } }
}

/** Outcomes that give the candidate more than it has. */
const permits = (outcome: ExposureResult['outcome'] | undefined): boolean =>
  outcome === 'promote' || outcome === 'undecided' || outcome === 'step_over'

/** A candidate whose own rollback event fired is rolled back, even if production has changed meanwhile. */
async function rollbackByOwnBreach(
  needs: LookNeeds,
  request: ExposureRequest,
  now: number,
): Promise<ExposureResult | undefined> {
  if (request.phase === 'probation') return undefined
  const breaches = await readOpenBreaches(needs.registry, request, { asOf: now, present: true })
  if (!breaches.some(({ power }) => power === 'rollback')) return undefined
  const judged = await takeLook(needs, request, await readLookState(needs.registry, request), now, true)
  if (judged.action !== 'rollback') return undefined
  return { outcome: 'rollback', reason: judged.reason, judgement: digestOf(judged), asOf: now }
}

/** What a judgement means for this step; undefined while it continues. */
function outcomeOf(
  request: ExposureRequest,
  judged: Judgement,
  { asOf, latest, state }: { asOf: number; latest: boolean; state: LookState },
): ExposureResult['outcome'] | undefined {
  const { once, ...context } = request
  const asked = once ? (latest ? 'now' : 'waiting') : 'no'
  const deadline = Date.parse(request.deadline)
  const stepBegan = stepBeganAt(request, state.steps)
  const shadowMature = state.newest?.shadow?.mature ?? 0
  return afterLook(judged, { ...context, deadline, asOf, asked, stepBegan, shadowMature })
}
