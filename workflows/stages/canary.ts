import type { ExposureRequest, ExposureResult } from '../../activities/types.js'
import { eventNow } from '../../contracts/clock.js'
import { durationMs } from '../../contracts/duration.js'
import { waiting } from '../calls.js'
import { enter, interruptible, type ReleaseRun, runRef } from '../run.js'
import { StageEnd } from '../stage-end.js'
import { candidateOf, judgedAgainst } from './evaluating.js'
import { withdrawCanary } from './production-changed.js'

export interface Judged {
  readonly reason: string
  readonly judgement: string | null
  readonly actor: string
}

/** Widens the canary step by step and waits for matured labels. @returns permission to promote, or null: production changed */
export async function exposeCanary(run: ReleaseRun): Promise<Judged | null> {
  const { policy, trigger } = run.input
  // Compressed time begins here: else how long this machine trained would decide which days are replayed, and the verdict.
  if (run.clock.speed !== 1 && trigger.evidence !== 'live') run.clock = { ...run.clock, wallStart: Date.now() }
  const opened = eventNow(run.clock, Date.now())
  let step = 0
  let stepBegan = opened
  let looksAfter = opened
  for (;;) {
    const deadline = opened + durationMs(policy.deadline) + run.state.extensions * durationMs(policy.extendBy)
    const once = run.requests.promote
    const result = await look(run, { opened, deadline, step, stepBegan, looksAfter, once: once !== null })
    if (!result) continue // an operator's word changed what to wait for
    looksAfter = result.asOf
    switch (result.outcome) {
      case 'step_over':
        step += 1
        stepBegan = result.asOf
        break
      case 'promote':
        return { reason: result.reason, judgement: result.judgement, actor: run.workflowId }
      case 'undecided': {
        // Only a look asked for by an operator comes back undecided.
        const by = once?.by ?? 'operator'
        return { reason: `override:${once?.reason ?? result.reason}`, judgement: result.judgement, actor: by }
      }
      case 'production_changed':
        return await withdrawCanary(run, result.detail ?? result.reason)
      case 'rollback':
        throw new StageEnd('rolled_back', result.reason, explain(run, result))
      case 'pause':
        // Goes on looking, paused: a breach that rolls back must not wait for the person who is waited for.
        run.state.paused = true
        run.requests.promote = null
        break
      case 'hold':
        run.requests.promote = null
        if (run.state.extensions >= policy.maxExtensions) {
          throw new StageEnd('held', `hold:${result.reason}`, explain(run, result))
        }
        run.state.extensions += 1
        break
    }
  }
}

function look(
  run: ReleaseRun,
  at: { opened: number; deadline: number; step: number; stepBegan: number; looksAfter: number; once: boolean },
): Promise<ExposureResult | null> {
  const { clock } = run
  const { policy, trigger } = run.input
  const weight = (policy.steps[at.step]?.weight ?? 0) / 100
  const waitingFor = run.state.paused ? 'an operator to resume or abort' : 'matured labels'
  const words = `step ${at.step + 1} of ${policy.steps.length}, ${weight} % of traffic, waiting for ${waitingFor}`
  run.state.canaryStep = at.step
  run.state.deadline = new Date(at.deadline).toISOString()
  enter(run, 'canary', words)
  const request: ExposureRequest = {
    ...runRef(run),
    phase: 'canary',
    opening: run.openings,
    candidate: candidateOf(run),
    reference: judgedAgainst(run),
    policy,
    clock,
    ...(trigger.source === undefined ? {} : { source: trigger.source }),
    ...(trigger.evidence === undefined ? {} : { evidence: trigger.evidence }),
    opened: at.opened,
    deadline: new Date(at.deadline).toISOString(),
    step: at.step,
    stepBegan: at.stepBegan,
    looksAfter: at.looksAfter,
    paused: run.state.paused,
    once: at.once,
  }
  return interruptible(run, () => waiting(trigger.project, `Canary ${words}`).watchExposure(request))
}

const explain = (run: ReleaseRun, result: ExposureResult): string =>
  `${candidateOf(run)} against ${judgedAgainst(run)}: ${result.reason} as of ${new Date(result.asOf).toISOString()}.`
