/**
 * Evidence whose judgement is recorded permanently in `judge-1.json`: canaries of a simulated world day by day under
 * each method, and one case for every reason a judgement can give. New cases are added, none is changed.
 */
import type { Evidence, JudgePolicy, PastLook, PromotionPolicy } from '../../../contracts/types.js'
import { judge, pastLook } from '../../../judge/index.js'
import { SIMULATED_START, simulatedEvidence, type WeightedDay } from '../../../judge/simulation/evidence.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { drawDay } from '../../../judge/simulation/simulated-traffic.js'
import { costly, evidence, onDays, pair } from '../support.js'

export interface Case {
  readonly name: string
  readonly policy: PromotionPolicy
  readonly evidence: Evidence
  readonly deadline: string
}

const DAY_MS = 86_400_000
const BASE: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'golden',
  labelHorizon: '3d',
  deadline: '20d',
  maxExtensions: 0,
  extendBy: '7d',
  steps: [{ weight: 1_000, atLeast: '1d' }],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 5_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.01,
    minMature: 200,
    minCoverage: 0.9,
    maxCoverageDifference: 0.03,
    sampleRatioAlpha: 0.001,
  },
  lookEvery: '1d',
  manualPromote: 'never',
  probation: { holdback: 1_000, lasts: '3d' },
}
const under = (judgePolicy: Partial<JudgePolicy>): PromotionPolicy => ({
  ...BASE,
  judge: { ...BASE.judge, ...judgePolicy },
})
const DEADLINE = '2026-01-21T00:00:00.000Z'

/** Looks of one simulated canary, each given the looks before it. */
function canary(name: string, policy: PromotionPolicy, effect: number, seed: number): Case[] {
  const random = createRandom(seed)
  const world = { traffic: 1_500, rate: (day: number) => 0.1 + 0.005 * day, effect, cost: 2 }
  const days: WeightedDay[] = []
  const looks: PastLook[] = []
  return Array.from({ length: 20 }, (_, index) => {
    const weight = Math.min(5_000, 500 * (index + 1))
    days.push({ weight, ...drawDay(world, index, weight, random) })
    const asOf = SIMULATED_START + (index + 1) * DAY_MS
    const given = simulatedEvidence(days, { asOf, labelHorizonMs: 3 * DAY_MS, cost: 2, looks: [...looks] })
    looks.push(pastLook(judge(policy, given, DEADLINE)))
    return { name: `${name}, day ${index + 1}`, policy, evidence: given, deadline: DEADLINE }
  }).filter((_, index) => index % 4 === 3)
}

const plan = (spending: 'obrien_fleming' | 'pocock') =>
  under({ method: 'group_sequential', groupSequential: { spending, plannedInformation: 17_000 } })

const good = onDays(costly(5_000, 0.2), costly(5_000, 0.3))
const single = (name: string, given: Evidence, policy = BASE): Case => ({
  name,
  policy,
  evidence: given,
  deadline: DEADLINE,
})
const breach = {
  signal: 'stale_warning_share',
  arm: 'canary',
  value: 0.4,
  threshold: 0.2,
  power: 'rollback',
  at: '2001-01-24T00:00:00Z',
} as const

export const cases = (): Case[] => [
  ...canary('sequence, same', BASE, 0, 1),
  ...canary('sequence, better', under({ objective: 'superiority' }), -0.25, 2),
  ...canary('sequence, worse', BASE, 0.3, 3),
  ...canary('O’Brien–Fleming, better', plan('obrien_fleming'), -0.2, 4),
  ...canary('Pocock, same', plan('pocock'), 0, 5),
  single('nothing', evidence([])),
  single('too few', evidence(pair('2001-01-21', costly(50, 0.2), costly(50, 0.2)))),
  single('all equal', evidence(onDays({ lossSum: 0, lossSumSquares: 0 }, { lossSum: 0, lossSumSquares: 0 }))),
  single('equal within the arms', evidence(onDays(costly(1_000, 0), costly(1_000, 1)))),
  single('coverage', evidence(onDays(costly(1_000, 0.2, { exposed: 1_300 }), costly(1_000, 0.3)))),
  single('worse within the margin', evidence(onDays(costly(20_000, 0.309), costly(20_000, 0.3)))),
  single('too few days', evidence(good), under({ minMatureDays: 5 })),
  single('split', evidence(onDays(costly(800, 0.2), costly(1_000, 0.3)))),
  single('breach', evidence(good, { breaches: [breach] })),
  single(
    'equivalent',
    evidence(onDays(costly(20_000, 0.301), costly(20_000, 0.3))),
    under({ objective: 'equivalence' }),
  ),
  single('design effect', evidence(good), under({ designEffect: 3.5 })),
  single(
    'beyond the bound',
    evidence(onDays({ beyondBound: 1 })),
    under({ lossBound: { lowest: 0, highest: 1, beyond: 'refuse' } }),
  ),
  single(
    'estimated harm',
    evidence(
      onDays(
        ...([600, 300].map((sum) => ({
          mature: false,
          labelled: 0,
          lossSum: 0,
          lossSumSquares: 0,
          estimated: 1_000,
          expectedLossSum: sum,
          expectedLossSumSquares: sum,
        })) as [object, object]),
      ),
    ),
    under({ earlyEstimate: { pauseAbove: 0.05, minDecisions: 1_000 } }),
  ),
  single(
    'probation',
    evidence(
      good.map((cohort) => ({ ...cohort, arm: cohort.arm === 'canary' ? 'production' : 'holdback' })),
      { arms: { challenger: 'production', reference: 'holdback' } },
    ),
  ),
]
