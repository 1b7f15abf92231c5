/** A policy with `shadow.paired`: labels of the shadow hold a candidate, roll it back, or shorten its canary. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { PromotionPolicy } from '../../contracts/types.js'
import { judgeAgain, replayWith } from '../../releases/judge-replay.js'
import { entriesOf, looksOf, movesOf, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { pairedShadowPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

type Shadow = NonNullable<PromotionPolicy['shadow']>
const policyOf = (paired: Shadow['paired'], more: Partial<PromotionPolicy['judge']> = {}): PromotionPolicy => ({
  ...pairedShadowPolicy,
  // Two runs have the same candidate, and the toy’s days differ.
  judge: { ...pairedShadowPolicy.judge, maxRuns: 2, daysDisagreeAlpha: 1e-12, ...more },
  shadow: { ...(pairedShadowPolicy.shadow as Shadow), paired },
})
const harmful = { parameters: { feed: true }, cutoff: '2001-01-31T00:00:00.000Z' }

it('a canary whose shadow has shown the objective promotes with fewer labels, and is judged again the same', async () => {
  const policy = policyOf({ onHarm: 'rollback', canaryMinMature: 20 }, { minMature: 600, nonInferiorityMargin: 0.15 })
  const id = await on.start('shortened', { policy })
  const { verdict, reason } = await resultOf(on, id)
  const looks = await looksOf(on, id)
  const shown = looks.map(({ phase, judgement: { numbers } }) => [
    phase,
    numbers.paired?.labelled,
    numbers.paired?.unmet,
  ])
  expect([verdict, reason], JSON.stringify(shown)).toEqual(['promoted', 'non_inferior_in_shadow'])
  const canary = looks.filter(({ phase }) => phase === 'canary')
  const last = canary.at(-1)
  expect(last?.judgement.numbers.mature.challenger).toBeLessThan(600)
  expect(last?.judgement.numbers.mature.challenger).toBeGreaterThanOrEqual(20)
  // The shadow ended before its labels were mature: they arrived during the canary.
  const pairs = (look: (typeof looks)[number] | undefined) => look?.judgement.numbers.paired?.labelled ?? 0
  expect(pairs(last)).toBeGreaterThan(pairs(looks.filter(({ phase }) => phase === 'shadow').at(-1)))
  expect(last?.paired?.days.every(({ day }) => day < (last?.cohorts[0]?.day ?? ''))).toBe(true)
  const run = await on.registry.runs.get(id)
  expect(judgeAgain(run).differing).toEqual([])
  // The canary alone would have been undecided.
  const { shadow: _none, ...alone } = policy
  expect(replayWith(run, alone)).toMatchObject({ wouldHave: null })
  expect(
    await on.registry.releases.judgedOpenings((await entriesOf(on, id, 'verdict'))[0]?.body.releaseId ?? ''),
  ).toEqual([{ workflowId: id, opening: 0 }])
})

it('harm that the shadow shows rolls back before any entity gets the candidate, or holds', async () => {
  const back = await on.start('harmful', { policy: policyOf({ onHarm: 'rollback' }), ...harmful })
  expect(await resultOf(on, back)).toMatchObject({ verdict: 'rolled_back', reason: 'harm_in_shadow' })
  const held = await on.start('held', { policy: policyOf({ onHarm: 'hold' }), ...harmful })
  expect(await resultOf(on, held)).toMatchObject({ verdict: 'held', reason: 'hold:harm_in_shadow' })
  for (const id of [back, held]) {
    expect((await entriesOf(on, id, 'canary_step')).map(({ body }) => body.phase)).toEqual(['shadow'])
    expect(await movesOf(on, id)).toHaveLength(2)
  }
  // A shadow that was judged is a try of this candidate.
  const [verdict] = await entriesOf(on, held, 'verdict')
  const openings = await on.registry.releases.judgedOpenings(verdict?.body.releaseId ?? '')
  expect(openings.map(({ workflowId }) => workflowId)).toEqual([back, held])
})
