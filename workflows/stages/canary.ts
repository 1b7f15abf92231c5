import { patched } from '@temporalio/workflow'
import { type ExposureResult, HARM_IN_SHADOW, NO_MORE_TRAFFIC } from '../../contracts/activities.js'
import { eventNow } from '../../contracts/clock.js'
import type { CanaryProgress, Judged } from '../../contracts/continued-release.js'
import { durationMs } from '../../contracts/duration.js'
import { isSegmentHarm } from '../../contracts/segments.js'
import { askApproval, endApproval } from '../approval.js'
import { waiting } from '../calls.js'
import { continueIfDue } from '../continuation.js'
import { releaseDeadline, untilLooked } from '../hold-deadline.js'
import type { ReleaseRun } from '../release-run.js'
import { actionsAreRecorded, enter } from '../run.js'
import { StageEnd } from '../stage-end.js'
import { candidateOf, judgedAgainst } from './evaluating.js'
import { lookRequest } from './look-request.js'
import { withdrawCanary } from './production-changed.js'
import { watchShadow } from './shadow.js'

/**
 * Widens the canary step by step and waits for matured labels. @returns permission to promote, or null: production
 * changed
 */
export async function exposeCanary(run: ReleaseRun): Promise<Judged | null> {
  try {
    return await watchCanary(run)
  } finally {
    releaseDeadline(run)
  }
}

async function watchCanary(run: ReleaseRun): Promise<Judged | null> {
  const { policy } = run.input
  if (run.canary === null) {
    // Compressed time begins here. Otherwise the training time of this machine would decide which days are judged, and
    // the verdict.
    if (run.clock.speed !== 1 && run.shadow === null) run.clock = { ...run.clock, wallStart: Date.now() }
    const began = policy.shadow ? await watchShadow(run) : { opened: eventNow(run.clock, Date.now()) }
    if (began === null) return null
    const { opened } = began
    const { extensions: inShadow } = run.state
    run.canary = { ...began, step: 0, stepBegan: opened, looksAfter: opened, approvalUntil: opened, inShadow }
    run.shadow = null
  }
  const at = run.canary
  for (;;) {
    await continueIfDue(run)
    const extensions = run.state.extensions - (at.inShadow ?? 0)
    const decidedBy = at.opened + durationMs(policy.deadline) + extensions * durationMs(policy.extendBy)
    const deadline = run.state.awaitingApproval ? Math.max(decidedBy, at.approvalUntil) : decidedBy
    const once = run.requests.promote
    const result = await look(run, { ...at, deadline, once: once !== null })
    if (!result) continue // an operator action changed what to wait for
    at.looksAfter = result.asOf
    at.actedOn = result.breaches
    if (result.clock) run.clock = result.clock
    const { reason, judgement } = result
    const withdrawn = once !== null && !(await isCounted(run, once))
    switch (result.outcome) {
      case 'step_over':
        at.step += 1
        at.stepBegan = result.asOf
        break
      case 'promote':
        if (withdrawn) break
        if (once) {
          const judged = await promotedBy(run, once, result)
          if (judged) return judged
          break
        }
        if (policy.promotionApproval !== 'other_person') {
          return { reason, judgement, actor: run.workflowId, breachesRead: result.breaches?.read }
        }
        // Looks continue meanwhile. A decision at the last moment still leaves a person time to answer.
        await askApproval(run, { reason, judgement, by: null })
        at.approvalUntil = result.asOf + durationMs(policy.extendBy)
        break
      case 'undecided':
        if (withdrawn) break
        // Only a look that an operator requested returns undecided.
        if (!run.state.awaitingApproval) {
          const judged = await promotedBy(run, once, result)
          if (judged) return judged
          break
        }
        await endApproval(run, 'lapsed', { reason, judgement, by: once?.by ?? null })
        endRequest(run, once)
        break
      case 'production_changed':
        return await withdrawCanary(run, result.detail ?? reason)
      case 'rollback':
        throw new StageEnd('rolled_back', reason, explain(run, result))
      case 'pause':
        // Looks continue while paused: a breach that rolls back must not wait for a person.
        run.state.paused = true
        run.requests.promote = null
        break
      case 'hold':
        run.requests.promote = null
        if (reason === HARM_IN_SHADOW) throw new StageEnd('held', `hold:${reason}`, explain(run, result))
        if (run.state.awaitingApproval) throw new StageEnd('held', 'hold:approval_missing', explain(run, result))
        if (run.state.extensions >= policy.maxExtensions || reason === NO_MORE_TRAFFIC || isSegmentHarm(reason)) {
          throw new StageEnd('held', `hold:${run.state.paused ? 'paused' : reason}`, explain(run, result))
        }
        run.state.extensions += 1
        break
    }
  }
}

/**
 * Promotion by a person: the approval that was awaited, or an override that shortens the label window.
 * @returns null when a pause that arrived while it was recorded cancels it
 */
async function promotedBy(
  run: ReleaseRun,
  note: { by: string; reason: string } | null,
  { reason, judgement, breaches }: ExposureResult,
): Promise<Judged | null> {
  const actor = note?.by ?? 'operator'
  const approves = run.state.awaitingApproval
  await actionsAreRecorded(run)
  if (approves) await endApproval(run, 'given', { reason: note?.reason ?? reason, judgement, by: actor })
  if (!run.requests.promote) return null
  const because = approves ? reason : `override:${note?.reason ?? reason}`
  return { reason: because, judgement, actor, breachesRead: breaches?.read }
}

/** The promotion that a look has answered. One that was accepted since is another one, and the next look answers it. */
function endRequest({ requests }: ReleaseRun, answered: ReleaseRun['requests']['promote']): void {
  const { promote } = requests
  if (promote === null) return
  if (promote === answered || !patched('promotion-beside-a-lapse')) requests.promote = null
}

/** Whether a promotion of another person counts: the record says so, which knows whether the name is proven. */
async function isCounted(run: ReleaseRun, { id }: { readonly id?: string }): Promise<boolean> {
  if (run.input.policy.promotionApproval !== 'other_person' || !patched('approval-counts-once-recorded')) return true
  await run.recorded
  return id === undefined || !run.notCounted.has(id)
}

function look(
  run: ReleaseRun,
  at: CanaryProgress & { readonly deadline: number; readonly once: boolean },
): Promise<ExposureResult | null> {
  const { policy, trigger } = run.input
  const weight = (policy.steps[at.step]?.weight ?? 0) / 100
  const waitingFor = run.state.paused
    ? 'an operator to resume or abort'
    : run.state.awaitingApproval
      ? `another person than ${trigger.by} to approve its promotion`
      : 'matured labels'
  const summary = `step ${at.step + 1} of ${policy.steps.length}, ${weight} % of traffic, waiting for ${waitingFor}`
  run.state.canaryStep = at.step
  run.state.deadline = new Date(at.deadline).toISOString()
  enter(run, 'canary', summary)
  const { opened, deadline, step, stepBegan, looksAfter, actedOn, once } = at
  const watched = { phase: 'canary', opened, deadline } as const
  const progress = { step, stepBegan, looksAfter, actedOn, once, awaitsApproval: run.state.awaitingApproval }
  const request = lookRequest(run, { ...watched, ...progress })
  return untilLooked(run, watched, () => waiting(trigger.project, `Canary ${summary}`).watchExposure(request))
}

const explain = (run: ReleaseRun, result: ExposureResult): string =>
  `${candidateOf(run)} against ${judgedAgainst(run)}: ${result.reason} as of ${new Date(result.asOf).toISOString()}.`
