import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { entriesOf, looksOf, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

/** Two weeks of exposure; a label counts three days after its day, though it is known within hours. */
const policy = {
  ...toyPolicy,
  labelHorizon: '3d',
  deadline: '21d',
  steps: [
    { weight: 1_000, atLeast: '4d' },
    { weight: 5_000, atLeast: '10d' },
  ],
}

it('a canary of fourteen days is promoted on labels of mature days only', async () => {
  const id = await on.start('two-weeks', { policy })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })

  const looks = (await looksOf(on, id)).filter(({ phase }) => phase === 'canary')
  const [first, last] = [looks[0], looks.at(-1)]
  const opened = Date.parse('2001-01-21T00:00:00Z')
  expect(Date.parse(last?.judgement.numbers.asOf ?? '') - opened).toBe(14 * DAY_MS)
  expect(looks).toHaveLength(14)
  expect(first?.judgement).toMatchObject({ action: 'continue', reason: 'no_mature_labels' })
  expect(last?.judgement.action).toBe('promote')
  // Promotable days before the window was over: it waited all the same.
  expect(looks.filter(({ judgement }) => judgement.action === 'promote').length).toBeGreaterThan(1)

  for (const { judgement, cohorts } of looks) {
    const { asOf, mature, pending, perDay } = judgement.numbers
    const closed = (day: string) => Date.parse(day) + DAY_MS <= Date.parse(asOf) - durationMs(policy.labelHorizon)
    for (const { day } of perDay) expect(closed(day), `${day} counted as of ${asOf}`).toBe(true)
    for (const arm of ['canary', 'production'] as const) {
      const side = arm === 'canary' ? 'challenger' : 'reference'
      const of = cohorts.filter((cohort) => cohort.arm === arm)
      const sum = (days: typeof of, field: 'exposed' | 'labelled') => days.reduce((all, day) => all + day[field], 0)
      const old = of.filter(({ day }) => closed(day))
      const young = of.filter(({ day }) => !closed(day))
      expect(mature[side]).toBe(sum(old, 'labelled'))
      expect(pending[side]).toBe(sum(young, 'exposed'))
      // Labels were there, and were left out.
      expect(sum(young, 'labelled')).toBeGreaterThan(0)
    }
  }

  const [moved] = (await on.registry.aliases.history('toy')).filter((move) => move.key === `${id}:promote`)
  const [started] = await entriesOf(on, id, 'trigger')
  expect(Date.parse(moved?.at ?? '') - Date.parse(started?.at ?? '')).toBeGreaterThanOrEqual(14 * DAY_MS)
})
