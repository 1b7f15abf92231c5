import fc from 'fast-check'
import { DAY_MS } from '../../../contracts/duration.js'
import type { PromotionPolicy, ReleaseInput } from '../../../contracts/types.js'
import { CANDIDATES, type Candidate, pick } from '../sequence-model.js'
import { settle } from '../settle.js'
import { basePolicy } from '../system/sequence-project.js'
import { type Step, step } from './step.js'

const PARAMETERS: Record<Candidate, Record<string, boolean>> = {
  good: {},
  undecided: {},
  useless: { useless: true },
  harmful: { feed: true },
  certain: { certain: true },
  crash: { crash: true },
  bad_data: {},
}

const FIRST_CUTOFF = Date.parse('2001-01-14T00:00:00Z')
/** The feed behind `z` breaks on the next day: a candidate trained on it until then does harm from its first day on. */
const HARM_CUTOFF = Date.parse('2001-01-31T00:00:00Z')

const choice = fc.record({
  candidate: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Candidate>('good') },
    { weight: 6, arbitrary: fc.constantFrom<Candidate>(...CANDIDATES) },
  ),
  busy: fc.constantFrom<PromotionPolicy['onCanaryBusy']>('queue', 'supersede', 'reject'),
  manual: fc.constantFrom<PromotionPolicy['manualPromote']>('shorten_window', 'shorten_window', 'never'),
  approval: fc.constantFrom<PromotionPolicy['promotionApproval']>('none', 'none', 'other_person'),
  live: fc.nat(3).map((number) => number === 0),
  day: fc.nat(3),
  settled: fc.nat(3).map((number) => number > 0),
})
type Choice = typeof choice extends fc.Arbitrary<infer Value> ? Value : never

export const starting: fc.Arbitrary<Step> = choice.map((chosen) =>
  step(
    `start(${JSON.stringify(chosen)})`,
    async (model, system) => {
      const trigger = `t${model.runs.length}`
      const input = inputOf(chosen, { project: system.project, trigger, now: await system.clock.tick() })
      const { workflowId, existed } = await system.start(input)
      if (existed) throw new Error(`${trigger} already existed, but was not started before`)
      const { candidate, live } = chosen
      model.runs.push({ workflowId, trigger, candidate, live, clock: input.clock })
      if (chosen.settled) await settle(model, system)
    },
    ({ runs }) => runs.length < 5,
  ),
)

export const startingAgain: fc.Arbitrary<Step> = fc.record({ run: fc.nat(9), other: choice }).map(({ run, other }) =>
  step(`startAgain(${run}, ${JSON.stringify(other)})`, async (model, system) => {
    const earlier = pick(model.runs, run)
    if (!earlier) return
    // The same trigger with other input: the first one counts.
    const { trigger } = earlier
    const input = inputOf(other, { project: system.project, trigger, now: await system.clock.tick() })
    const { workflowId, existed } = await system.start(input)
    if (!existed || workflowId !== earlier.workflowId) throw new Error(`trigger ${trigger} was started twice`)
  }),
)

function inputOf(
  { candidate, busy, manual, approval, live, day }: Choice,
  { project, trigger, now }: { project: string; trigger: string; now: number },
): ReleaseInput {
  const at = candidate === 'harmful' ? HARM_CUTOFF : FIRST_CUTOFF + day * DAY_MS
  const cutoff = new Date(at).toISOString()
  const judge = { ...basePolicy.judge, ...(candidate === 'undecided' ? { minMature: 1_000_000 } : {}) }
  return {
    trigger: {
      project,
      id: trigger,
      kind: 'cli',
      by: 'test',
      at: new Date(now).toISOString(),
      cutoff,
      parameters: PARAMETERS[candidate],
      ...(live ? { evidence: 'live' } : {}),
      ...(candidate === 'bad_data' ? { source: '/nowhere' } : {}),
    },
    policy: { ...basePolicy, onCanaryBusy: busy, manualPromote: manual, promotionApproval: approval, judge },
    clock: { eventStart: live ? now : at, wallStart: now, speed: 1 },
  }
}
