/** One step of a canary, or a probation: judges at each look of the grid, and comes back only with news. */

import type { ExposureRequest, ExposureResult } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import { eventNow, wallUntil } from '../../contracts/clock.js'
import { durationMs, spanInWords } from '../../contracts/duration.js'
import { isLive } from '../../contracts/evidence-source.js'
import type { ExposureStep } from '../../contracts/exposure.js'
import { lookKey, type RecordedLook } from '../../contracts/ledger/index.js'
import type { Judgement } from '../../contracts/types.js'
import { afterLook, judge, looksBetween, nextLook } from '../../judge/index.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseLoader } from '../../releases/load-release.js'
import { instantOf, newestLook, recordOf } from '../../releases/recorded-looks.js'
import type { Dependencies } from '../dependencies.js'
import { notYet } from '../failures.js'
import { storeDelayedBreaches } from './delayed-quality.js'
import { gatherEvidence, openBreaches } from './gather-evidence.js'
import { productionChange } from './production-change.js'
import { replayDays } from './replay-days.js'
import { onItsClock } from './run-clock.js'
import { openStep, stepsOf } from './weights.js'

/** While live traffic is judged, breaches are looked for this often at least: the monitor's signal may be lost. Wall time. */
const BREACH_CHECK_MS = 60_000

export function createWatchExposure(deps: Dependencies, loadRelease: ReleaseLoader) {
  return async function watchExposure(given: ExposureRequest): Promise<ExposureResult> {
    const request = await onItsClock(deps.registry, given)
    const { policy, clock, opened } = request
    const live = isLive(request)
    const now = eventNow(clock, deps.now())
    const changed = await productionChange(deps.registry, request)
    const inForce = clock.speed === 1 ? {} : { clock }
    if (changed) {
      const rolledBack = await ownBreach(deps, loadRelease, request, now)
      return { ...(rolledBack ?? { ...changed, judgement: null, asOf: now }), ...inForce }
    }
    await openStep(deps.registry, request, now)
    const every = durationMs(policy.lookEvery)
    // The newest recorded look is repeated, to the same end: a worker may have died between recording it and coming back. Earlier
    // ones are not: each attempt would go through its whole step, and a pause would be judged as if it had not been.
    const seen = await whatIsSeen(deps.registry, request)
    const recorded = seen.newest && { asOf: instantOf(seen.newest), judgement: seen.newest.judgement }
    const after = Math.max(request.looksAfter, (recorded?.asOf ?? opened) - 1)
    const grid = looksBetween({ opened, every, after, until: now })
    // An operator's look is the grid's latest one, so that what it rests on can be recomputed; before the first there is none.
    const latest = Math.max(request.looksAfter, recorded?.asOf ?? opened)
    const looks = request.once && grid.length === 0 && latest > opened ? [latest] : grid
    const result = (outcome: ExposureResult['outcome'], judged: Judgement, asOf: number): ExposureResult => ({
      outcome,
      reason: judged.reason,
      judgement: digestOf(judged),
      asOf,
      ...inForce,
    })
    for (const asOf of looks) {
      // Live labels go on arriving: what was recorded of an instant is not judged again until it pleases.
      const known = live && !request.once && recorded?.asOf === asOf ? recorded.judgement : undefined
      const judged = known ?? (await look(deps, loadRelease, request, seen, asOf))
      const outcome = outcomeOf(request, judged, { asOf, latest: asOf === looks.at(-1) })
      // As of an instant that is over: it does not pass what breached since.
      if (permits(outcome) && (await openBreaches(deps.registry, request, now)).length > 0) continue
      if (outcome) return result(outcome, judged, asOf)
    }
    // A breach does not wait for the next look of the grid. A probation has nothing to pause.
    const breaches = await openBreaches(deps.registry, request, now)
    if (breaches.some(({ power }) => power === 'rollback' || request.phase === 'canary')) {
      const judged = await look(deps, loadRelease, request, seen, now)
      const outcome = outcomeOf({ ...request, once: false }, judged, { asOf: now, latest: true })
      if (outcome) return result(outcome, judged, now)
    }
    const next = nextLook({ opened, every, after: now })
    const wait = wallUntil(clock, next, deps.now())
    const words = `next look in ${spanInWords(wait)}, as of ${new Date(next).toISOString()}`
    throw notYet(words, live ? Math.min(wait, BREACH_CHECK_MS) : wait)
  }
}

/** What lets a candidate have more than it has. */
const permits = (outcome: ExposureResult['outcome'] | undefined): boolean =>
  outcome === 'promote' || outcome === 'undecided' || outcome === 'step_over'

/** Of the chain, what each look of one attempt needs: read once, and kept up to date by the looks themselves. */
interface Seen {
  readonly steps: readonly ExposureStep[]
  newest: RecordedLook | undefined
}

const whatIsSeen = async (registry: Registry, request: ExposureRequest): Promise<Seen> => ({
  steps: await stepsOf(registry, request),
  newest: await newestLook(registry, request),
})

/** A candidate whose own rollback event fired is rolled back, whatever it is compared with by now. */
async function ownBreach(
  deps: Dependencies,
  loadRelease: ReleaseLoader,
  request: ExposureRequest,
  now: number,
): Promise<ExposureResult | undefined> {
  if (request.phase === 'probation') return undefined
  const breaches = await openBreaches(deps.registry, request, now)
  if (!breaches.some(({ power }) => power === 'rollback')) return undefined
  const judged = await look(deps, loadRelease, request, await whatIsSeen(deps.registry, request), now)
  if (judged.action !== 'rollback') return undefined
  return { outcome: 'rollback', reason: judged.reason, judgement: digestOf(judged), asOf: now }
}

async function look(
  deps: Dependencies,
  loadRelease: ReleaseLoader,
  request: ExposureRequest,
  seen: Seen,
  asOf: number,
): Promise<Judgement> {
  const { registry } = deps
  const { project, workflowId, phase } = request
  const { steps, newest } = seen
  if (!isLive(request)) await replayDays(deps, loadRelease, request, steps, asOf)
  // Labels and corrections that arrive later are not in it: the same cut gives the same evidence again.
  const cut = await registry.evidence.databaseSnapshot()
  await storeDelayedBreaches(deps, request, { asOf, cut })
  const evidence = await gatherEvidence(registry, request, { steps, newest, asOf, cut })
  const judged = judge(request.policy, evidence, request.deadline)
  const body = recordOf(request, evidence, judged)
  // Keyed by its content: the same instant judged again, at a wider step for an operator, is another look.
  const key = lookKey(workflowId, phase, evidence.asOf, digestOf(body))
  seen.newest = { ...body, cut }
  if (!(await registry.ledger.hasKey(project, key)))
    await registry.ledger.append({
      project,
      kind: 'judgement',
      subject: workflowId,
      key: `${key}:${cut}`,
      body: seen.newest,
    })
  return judged
}

/** What a judgement means here and now; undefined is: go on waiting. */
function outcomeOf(
  request: ExposureRequest,
  judged: Judgement,
  { asOf, latest }: { asOf: number; latest: boolean },
): ExposureResult['outcome'] | undefined {
  const { once, ...context } = request
  const asked = once ? (latest ? 'now' : 'waiting') : 'no'
  return afterLook(judged, { ...context, deadline: Date.parse(request.deadline), asOf, asked })
}
