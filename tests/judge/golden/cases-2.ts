/**
 * Evidence whose judgement by judge 2 is recorded permanently in `judge-2.json`: canaries of simulated streams under
 * each method, and one case for every reason that judge 1 does not have. New cases are added, none is changed.
 */
import { DAY_MS } from '../../../contracts/duration.js'
import type { Evidence, JudgePolicy, PastLook, PromotionPolicy } from '../../../contracts/types.js'
import { judge, pastLook } from '../../../judge/index.js'
import { SIMULATED_START } from '../../../judge/simulation/evidence.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { createStream } from '../../../judge/simulation/stream/stream.js'
import { streamEvidence } from '../../../judge/simulation/stream/stream-evidence.js'
import type { StreamDay } from '../../../judge/simulation/stream/sums.js'
import type { World } from '../../../judge/simulation/stream/world.js'
import { days, POLICY, type Row, steadyRows, under } from '../v2/from-rows.js'
import { withSegments } from '../v2/segments-from-rows.js'
import type { Case } from './cases.js'

const DEADLINE = '2026-01-25T00:00:00.000Z'
const DAYS = 20
const { lossBound: _bound, ...unbounded } = POLICY.judge
const withoutBound = (judgePolicy: Partial<JudgePolicy> = {}): PromotionPolicy => ({
  ...POLICY,
  judge: { ...unbounded, ...judgePolicy },
})

/** Two looks of one simulated canary, each given the looks before it. */
function canary(name: string, policy: PromotionPolicy, world: Partial<World>, seed: number): Case[] {
  const stream = createStream(
    { traffic: 500, rate: (day) => 0.1 + 0.005 * day, effect: 0, cost: 1, ...world },
    createRandom(seed),
  )
  const days: StreamDay[] = []
  const looks: PastLook[] = []
  return Array.from({ length: DAYS }, (_, index) => {
    days.push(stream.next(Math.min(5_000, 500 * (index + 1))))
    const asOf = SIMULATED_START + (index + 1) * DAY_MS
    const evidence: Evidence = streamEvidence(days, { asOf, labelHorizonMs: 3 * DAY_MS, looks: [...looks] })
    looks.push(pastLook(judge(policy, evidence, DEADLINE)))
    return { name: `${name}, day ${index + 1}`, policy, evidence, deadline: DEADLINE }
  }).filter((_, index) => index === 8 || index === 18)
}

const plan = {
  method: 'group_sequential',
  groupSequential: { spending: 'obrien_fleming', plannedInformation: 6_000 },
} as const

export const cases2 = (): Case[] => [
  ...canary('sequence, returning entities', POLICY, { entities: { visits: 8, icc: 0.2 } }, 1),
  ...canary('sequence, better', under({ objective: 'superiority' }), { effect: -0.5 }, 2),
  ...canary('sequence, worse', POLICY, { effect: 0.6 }, 3),
  ...canary('plan, better', under(plan), { effect: -0.3 }, 4),
  ...canary('bounded, better', under({ method: 'bounded' }), { effect: -0.6 }, 5),
  ...canary('random, days that differ', under({ acrossDays: 'random' }), { effect: -0.2, days: { sd: 0.03 } }, 6),
  ...canary('fixed, days that differ', under({ objective: 'superiority' }), { effect: -0.3, days: { sd: 0.08 } }, 7),
  ...canary(
    'unbounded, long tail',
    withoutBound({ nonInferiorityMargin: 0.2 }),
    { loss: { kind: 'lognormal', sigma: 1.5 } },
    8,
  ),
  ...canary('unbounded, plan', withoutBound(plan), { effect: 0.4 }, 9),
  ...canary('coverage', POLICY, { effect: -0.5, coverage: { production: 0.99, canary: 0.9 } }, 10),
  ...segmented('bounded losses', POLICY),
  ...segmented('random', under({ acrossDays: 'random' })),
  ...segmented('unbounded losses', withoutBound()),
]

/** Harm at night, and none by day. Entities of the night return. */
function segmented(name: string, policy: PromotionPolicy): Case[] {
  const all = days(9)
  const byDay = steadyRows(all, 200, { canary: 10, production: 5 }).map((row) => ({
    ...row,
    entity: `day ${row.entity}`,
  }))
  const byNight = steadyRows(all, 60, { canary: 2, production: 6 }).map((row, index) => ({
    ...row,
    entity: `night ${index % 480}`,
  }))
  const segmentsOf = ({ entity }: Row) => [entity.split(' ')[0] as string]
  const bounded = policy.judge.lossBound !== undefined
  const evidence = withSegments([...byDay, ...byNight], ['day', 'night', 'unknown'], segmentsOf, bounded)
  return (['hold', 'rollback'] as const).map((onHarm) => ({
    name: `segments, ${name}, ${onHarm}`,
    policy: { ...policy, segments: { onHarm, of: [{ name: 'day' }, { name: 'night' }] } },
    evidence,
    deadline: DEADLINE,
  }))
}
