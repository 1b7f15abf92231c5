/** One step of a canary, or a probation: replays, judges at each look of the grid, and comes back only with news. */
import { Context } from '@temporalio/activity'
import { digestOf } from '../../contracts/canonical.js'
import { eventNow, wallUntil } from '../../contracts/clock.js'
import { DAY_MS, durationMs, spanInWords } from '../../contracts/duration.js'
import type { Judgement } from '../../contracts/types.js'
import { afterLook, firstExposedDay, judge } from '../../judge/index.js'
import { requireProject } from '../../projects/load.js'
import type { Dependencies } from '../dependencies.js'
import { notYet } from '../failures.js'
import type { ReleaseLoader } from '../releases.js'
import type { ExposureRequest, ExposureResult } from '../types.js'
import { gatherEvidence } from './gather-evidence.js'
import { looksBetween, nextLook } from './look-grid.js'
import { recordedLooks, recordOf } from './recorded-looks.js'
import { replayTraffic } from './replay-traffic.js'
import { openStep, stepOn, stepsOf } from './weights.js'

export function createWatchExposure(deps: Dependencies, loadRelease: ReleaseLoader) {
  return async function watchExposure(request: ExposureRequest): Promise<ExposureResult> {
    const { policy, clock, opened } = request
    await openStep(deps.registry, request)
    const every = durationMs(policy.lookEvery)
    const now = eventNow(clock, deps.now())
    // The newest recorded look is repeated, to the same end: a worker may have died between recording it and coming back. Earlier
    // ones are not: each attempt would go through its whole step, and a pause would be judged as if it had not been.
    const newest = (await recordedLooks(deps.registry, request)).at(-1)
    const recorded = newest ? Date.parse(newest.judgement.numbers.asOf) : opened
    const grid = looksBetween({ opened, every, after: Math.max(request.looksAfter, recorded - 1), until: now })
    // An operator's look is the grid's latest one, so that what it rests on can be recomputed; before the first there is none.
    const looks = request.once && grid.length === 0 && request.looksAfter > opened ? [request.looksAfter] : grid
    for (const asOf of looks) {
      const judged = await look(deps, loadRelease, request, asOf)
      const outcome = outcomeOf(request, judged, { asOf, latest: asOf === looks.at(-1) })
      if (outcome) return { outcome, reason: judged.reason, judgement: digestOf(judged), asOf }
    }
    const next = nextLook({ opened, every, after: now })
    const wait = wallUntil(clock, next, deps.now())
    throw notYet(`next look in ${spanInWords(wait)}, as of ${new Date(next).toISOString()}`, wait)
  }
}

async function look(
  deps: Dependencies,
  loadRelease: ReleaseLoader,
  request: ExposureRequest,
  asOf: number,
): Promise<Judgement> {
  const { registry } = deps
  const { project, workflowId, phase } = request
  const steps = await stepsOf(registry, request)
  await replayDays(deps, loadRelease, request, steps, asOf)
  const evidence = await gatherEvidence(registry, request, steps, asOf)
  const judged = judge(request.policy, evidence, request.deadline)
  const body = recordOf(request, evidence, judged)
  // Keyed by its content: the same instant judged again, at a wider step for an operator, is another look.
  const key = `${workflowId}:${phase}:look:${evidence.asOf}:${digestOf(body)}`
  await registry.append({ project, kind: 'judgement', subject: workflowId, key, body })
  return judged
}

/** Replays the whole days before `asOf` that are not in the tables yet; a half-written day is written again, to no effect. */
async function replayDays(
  deps: Dependencies,
  loadRelease: ReleaseLoader,
  request: ExposureRequest,
  steps: Awaited<ReturnType<typeof stepsOf>>,
  asOf: number,
): Promise<void> {
  const project = requireProject(deps.projects, request.project)
  const latest = await deps.registry.latestDecision(request.project, request.workflowId)
  const resume = latest === null ? 0 : Math.floor(latest / DAY_MS) * DAY_MS
  for (let day = Math.max(firstExposedDay(request.opened), resume); day + DAY_MS <= asOf; day += DAY_MS) {
    const exposure = stepOn(steps, day)
    if (!exposure) continue
    Context.current().cancellationSignal.throwIfAborted()
    const beat = (events: number) => Context.current().heartbeat({ day: new Date(day).toISOString(), events })
    await replayTraffic(deps, loadRelease, project, { ...request, from: day, to: day + DAY_MS, exposure, beat })
  }
}

function outcomeOf(
  request: ExposureRequest,
  judged: Judgement,
  { asOf, latest }: { asOf: number; latest: boolean },
): ExposureResult['outcome'] | undefined {
  const { once, ...context } = request
  const asked = once ? (latest ? 'now' : 'waiting') : 'no'
  return afterLook(judged, { ...context, deadline: Date.parse(request.deadline), asOf, asked })
}
