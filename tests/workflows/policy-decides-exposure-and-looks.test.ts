/** The policy's rules of exposure and judging, in a release that waits for its labels. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { entriesOf, exposed, looksOf, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

/** The canary opens a little after the cutoff: the first whole day is the next one. */
const FIRST_DAY = Date.parse('2001-01-21T00:00:00.000Z')
/** Promoted; then production is the baseline again, so that the next candidate has something to beat. */
async function promotes(id: string) {
  const result = await resultOf(on, id)
  expect(result).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  const [move] = (await on.registry.aliases.history('toy')).filter(({ key }) => key === `${id}:promote`)
  await on.registry.aliases.move({
    project: 'toy',
    alias: 'production',
    expected: move?.to ?? null,
    to: move?.from ?? null,
    actor: 'test',
    reason: 'the next test starts from the baseline',
    workflowId: null,
    evidence: null,
    key: `${id}:back`,
  })
  return result
}

/** Looks of the canary. */
const canaryLooks = async (id: string) => (await looksOf(on, id)).filter(({ phase }) => phase === 'canary')

describe('exposure', () => {
  it('closes before the decision, which is made by labels that mature afterwards', async () => {
    // Too few labels until the last exposed day is mature.
    const policy: PromotionPolicy = {
      ...toyPolicy,
      exposureLasts: '4d',
      steps: [{ weight: 5_000, atLeast: '1d' }],
      judge: { ...toyPolicy.judge, minMature: 700 },
    }
    const id = await on.start('closes', { policy })
    await promotes(id)
    const last = (await canaryLooks(id)).at(-1)
    expect(last?.judgement.numbers).toMatchObject({
      matureDays: 4,
      asOf: new Date(FIRST_DAY + 5 * DAY_MS).toISOString(),
    })
    const days = (arm: string) => last?.cohorts.filter((cohort) => cohort.arm === arm).map(({ day }) => day)
    expect(days('canary')).toEqual(['2001-01-21', '2001-01-22', '2001-01-23', '2001-01-24'])
    expect(days('production')).toEqual(['2001-01-21', '2001-01-22', '2001-01-23', '2001-01-24', '2001-01-25'])
  })

  it('stays narrow until enough labels have matured', async () => {
    const policy: PromotionPolicy = {
      ...toyPolicy,
      steps: [
        { weight: 1_000, atLeast: '1d', minMature: 100 },
        { weight: 5_000, atLeast: '1d' },
      ],
    }
    const id = await on.start('narrow', { policy, cutoff: '2001-01-22T00:00:00.000Z' })
    await promotes(id)
    const looks = await canaryLooks(id)
    const widened = looks.findIndex(({ step }) => step === 1)
    expect(looks[widened - 1]?.judgement.numbers.mature.challenger).toBeGreaterThanOrEqual(100)
    expect(looks[widened - 2]?.judgement.numbers.mature.challenger).toBeLessThan(100)
    // Forty canary decisions a day, mature a day later: one day would have been the step's own length.
    expect(widened).toBeGreaterThan(2)
  })
})

it('decisions carry their expected loss, and looks show the estimate over open days', async () => {
  const id = await on.start('estimate', { cutoff: '2001-01-24T00:00:00.000Z' })
  await promotes(id)
  const looks = await canaryLooks(id)
  const { estimate } = looks.at(-1)?.judgement.numbers ?? {}
  // The toy's rates are fitted on twenty days of the same world: calibrated to a few per cent.
  expect(estimate?.calibration.challenger).toBeGreaterThan(0.75)
  expect(estimate?.calibration.challenger).toBeLessThan(1.3)
  expect(estimate?.effect).toBeLessThan(0)
  for (const cohort of looks.at(-1)?.cohorts ?? []) expect(cohort.estimated).toBe(cohort.exposed)
})

it('a policy edited during a canary applies to the next release only', async () => {
  const before = project.policy
  const edited: PromotionPolicy = {
    ...toyPolicy,
    judge: { ...toyPolicy.judge, alpha: 0.01, nonInferiorityMargin: 0.5 },
  }
  const first = await on.start('before-the-edit', { cutoff: '2001-01-26T00:00:00.000Z' })
  try {
    const { releaseId } = await exposed(on, first)
    Object.assign(project, { policy: edited })
    await promotes(first)
    const looks = await canaryLooks(first)
    expect(looks.length).toBeGreaterThan(0)
    for (const { judgement } of looks) expect(judgement.numbers.margins.nonInferiority).toBe(0.02)
    expect((await on.registry.releases.get(releaseId ?? '')).manifest.promotionPolicy).toEqual(before)

    const next = await on.start('after-the-edit', { cutoff: '2001-01-28T00:00:00.000Z' })
    await promotes(next)
    const [look] = await canaryLooks(next)
    expect(look?.judgement.numbers.margins.nonInferiority).toBe(0.5)
    const [trained] = await entriesOf(on, next, 'release')
    expect(trained?.body).toMatchObject({ manifest: { promotionPolicy: edited } })
  } finally {
    Object.assign(project, { policy: before })
  }
})
