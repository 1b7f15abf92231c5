/** A simulated release that begins in the shadow: looks of the shadow, and then of its canary. */
import { DAY_MS, durationMs } from '../../../contracts/duration.js'
import type { Evidence, Judgement, PastLook, PromotionPolicy } from '../../../contracts/types.js'
import { judge } from '../../judge.js'
import { pastLook } from '../../past-look.js'
import { createProgress } from '../../progress.js'
import { SIMULATED_START } from '../evidence.js'
import { createRandom } from '../random.js'
import { createStream } from '../stream/stream.js'
import { streamEvidence } from '../stream/stream-evidence.js'
import type { StreamDay } from '../stream/sums.js'
import type { World } from '../stream/world.js'
import { drawShadow, type PairWorld, pairedAt } from './pairs.js'

export interface SimulatedRelease {
  readonly verdict: 'promoted' | 'rolled_back' | 'held'
  readonly reason: string
  /** From the opening of the shadow, or of the canary where there is none. */
  readonly days: number
}

interface Worlds {
  readonly pairs: PairWorld
  readonly canary: World
}

/** The policy says how long the shadow is, and whether it is judged. Its segments are not simulated. */
export function simulateRelease(given: PromotionPolicy, worlds: Worlds, seed: number, run: number): SimulatedRelease {
  const { segments: _, ...policy } = given
  const random = createRandom(seed, run)
  const shadowDays = policy.shadow ? Math.ceil(durationMs(policy.shadow.lasts) / DAY_MS) : 0
  const shadow = drawShadow(worlds.pairs, shadowDays, random)
  const stream = createStream(worlds.canary, random)
  const labelHorizonMs = durationMs(policy.labelHorizon)
  const every = durationMs(policy.lookEvery)
  const progress = createProgress(policy, SIMULATED_START)
  const days: StreamDay[] = []
  const looks: PastLook[] = []
  const paired = (asOf: number) => (policy.shadow?.paired ? { paired: pairedAt(shadow, asOf, labelHorizonMs) } : {})
  const ends = (judged: Judgement, asOf: number, verdict: SimulatedRelease['verdict']) => ({
    verdict,
    reason: judged.reason,
    days: (asOf - SIMULATED_START) / DAY_MS + shadowDays,
  })
  for (let asOf = SIMULATED_START - shadowDays * DAY_MS + every; ; asOf += every) {
    if (asOf <= SIMULATED_START) {
      const judged = judge(policy, { ...inShadow(asOf), ...paired(asOf) }, NEVER)
      if (judged.action === 'rollback') return ends(judged, asOf, 'rolled_back')
      if (judged.action === 'hold') return ends(judged, asOf, 'held')
      continue
    }
    for (let day = SIMULATED_START + days.length * DAY_MS; day + DAY_MS <= asOf; day += DAY_MS)
      days.push(stream.next(progress.weightOn(day)))
    const evidence = { ...streamEvidence(days, { asOf, labelHorizonMs, looks }), ...paired(asOf) }
    const judged = judge(policy, evidence, progress.deadline())
    looks.push(pastLook(judged))
    const verdict = progress.after(judged)
    if (verdict) return ends(judged, asOf, verdict)
  }
}

const NEVER = '9999-12-31T00:00:00.000Z'

const inShadow = (asOf: number): Evidence => ({
  schema: 'slipway.evidence/2',
  project: 'simulated',
  asOf: new Date(asOf).toISOString(),
  arms: { challenger: 'shadow', reference: 'production' },
  cohorts: [],
  breaches: [],
  looks: [],
  clusters: { effect: 0, balanced: 0, coverage: 0, estimate: 0 },
})
