import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DAY_MS } from '../../contracts/duration.js'
import {
  ask,
  candidate,
  DECISIONS,
  type Gateway,
  inputOf,
  OUTCOMES,
  openCanary,
  openWorld,
  type World,
  weighs,
} from './support.js'

let world: World
let gateways: [Gateway, Gateway]
beforeAll(async () => {
  world = await openWorld()
  gateways = [await world.gateway(), await world.gateway()]
})
afterAll(() => world?.stop())

const decide = (decisionId: string, gateway = gateways[0]) => gateway.post(DECISIONS, ask('someone', { decisionId }))
const at = (offsetMs = 0) => new Date(Date.now() + offsetMs).toISOString()
const label = (decisionId: string, value: unknown, observedAt = at()) => ({ decisionId, label: value, observedAt })
const deliver = async (labels: unknown[], gateway = gateways[0], path = OUTCOMES) =>
  (await gateway.post(path, labels)).body
const versions = async (id: string) =>
  (await world.registry.labels.outcomesOf('toy', id)).map(({ version, label: value, loss }) => ({
    version,
    label: value,
    loss,
  }))

const lagsMeasured = async () => {
  const { values } = await gateways[0].service.metrics.labelLag.get()
  return values.find(({ metricName }) => metricName === 'slipway_label_lag_seconds_count')?.value ?? 0
}

describe('labels', () => {
  it('before their decision are set aside, counted, and joined once it is written, on another gateway too', async () => {
    expect(await deliver([label('early', 1)])).toMatchObject({ accepted: 0, unknown: 1 })
    expect(await world.registry.labels.earlyCounts('toy')).toEqual({ kept: 1, unknown: 1 })
    await decide('early', gateways[1])
    await expect.poll(() => versions('early')).toEqual([{ version: 1, label: 1, loss: 0 }])
    expect(await world.registry.labels.earlyCounts('toy')).toEqual({ kept: 1, unknown: 0 })
  })

  it('at the same time as their decision, from another gateway, are never lost between the two', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `race-${index}`)
    await Promise.all(ids.flatMap((id) => [decide(id, gateways[0]), deliver([label(id, 0)], gateways[1])]))
    for (const id of ids) await expect.poll(() => versions(id)).toEqual([{ version: 1, label: 0, loss: 1 }])
  })

  it('twice with the same value is one, twice with another value is a correction, and the one observed last counts', async () => {
    const before = await lagsMeasured()
    await decide('twice')
    const first = label('twice', 0, at(-5_000))
    const second = label('twice', 1, at(-1_000))
    expect(await deliver([first])).toMatchObject({ accepted: 1 })
    expect(await deliver([first, first])).toMatchObject({ accepted: 0, duplicates: 2 })
    expect(await deliver([second])).toMatchObject({ corrections: 1 })
    // The first batch once more, late: nothing changes.
    expect(await deliver([first])).toMatchObject({ duplicates: 1, corrections: 0 })
    // How late labels are is a question of first labels.
    expect((await lagsMeasured()) - before).toBe(1)
    expect(await versions('twice')).toEqual([
      { version: 1, label: 0, loss: 1 },
      { version: 2, label: 1, loss: 0 },
    ])
  })

  it('of two gateways at once get a version each', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `both-${index}`)
    await Promise.all(ids.map((id) => decide(id)))
    await Promise.all(ids.flatMap((id) => [0, 1].map((which) => deliver([label(id, which)], gateways[which as 0 | 1]))))
    for (const id of ids) expect((await versions(id)).map(({ version }) => version)).toEqual([1, 2])
  })

  it('for a decision of another project stay unknown there, and change nothing here', async () => {
    const { project } = await import('../toy-project/index.js')
    const other = { ...project, name: 'other' } as never
    const two = await world.gateway({
      projects: new Map([
        ['toy', project as never],
        ['other', other],
      ]),
    })
    await decide('of-toy')
    const path = '/v1/projects/other/outcomes'
    expect(await deliver([label('of-toy', 1)], two, path)).toMatchObject({ accepted: 0, unknown: 1 })
    expect(await versions('of-toy')).toEqual([])
    expect(await world.registry.labels.outcomesOf('other', 'of-toy')).toEqual([])
  })

  it('that do not fit are refused one by one, and the others of their batch are accepted', async () => {
    await decide('fits')
    await decide('does-not')
    const ahead = label('does-not', 1, at(DAY_MS))
    expect(await deliver([label('fits', 1), ahead])).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, decisionId: 'does-not', problem: expect.stringContaining('future') as string }],
    })
    expect(await versions('does-not')).toEqual([])
  })
})

it('labels that can be none of the project are refused one by one, and set aside for no decision', async () => {
  const { project } = await import('../toy-project/index.js')
  const labelSchema = z.literal([0, 1], { error: 'must be 0 or 1' })
  const gateway = await world.gateway({ projects: new Map([['toy', { ...project, labelSchema } as never]]) })
  const ids = ['two', 'minus', 'half', 'named', 'none', 'good']
  for (const id of ids) await decide(id)
  const values = [2, -1, 0.5, { late: 1 }, {}, 1]
  const sent = [...ids, 'of-no-decision'].map((id, index) => label(id, [...values, 7][index]))
  const problem = expect.stringMatching(/^it does not fit toy: label is .+: must be 0 or 1$/) as string
  const rejected = [0, 1, 2, 3, 4, 6].map((index) => ({ index, decisionId: sent[index]?.decisionId, problem }))
  expect(await deliver(sent, gateway)).toEqual({ accepted: 1, corrections: 0, duplicates: 0, unknown: 0, rejected })
  expect(await versions('good')).toEqual([{ version: 1, label: 1, loss: 0 }])
  for (const id of ids.slice(0, 5)) expect(await versions(id)).toEqual([])
  // Set aside by a gateway of an earlier build: it is not joined either.
  expect(await deliver([label('later', 5)])).toMatchObject({ unknown: 1 })
  await decide('later', gateway)
  await gateway.service.outcomes.joinEarly({ ...project, labelSchema } as never, ['later'])
  expect(await versions('later')).toEqual([])
})

it('labels larger than a row of an index are set aside once each, and joined', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => createHash('sha256').update(`${index}`).digest('hex')).sort()
  const one = Object.fromEntries(ids.map((id, index) => [id, index / 200]))
  // PostgreSQL's hash of the whole has places of 32 kinds only: it does not see that these two gains change places.
  const other = { ...one, [ids[0] ?? '']: 16 / 200, [ids[16] ?? '']: 0 }
  const observedAt = at()
  const batch = [label('large', one, observedAt), label('large', { ...one, x: 1 }, observedAt), label('beside', 1)]
  for (const labels of [batch, batch]) expect(await deliver(labels)).toMatchObject({ unknown: 3, rejected: [] })
  expect(await deliver([label('large', other, observedAt)])).toMatchObject({ unknown: 1 })
  const ofLarge = async () => {
    const { labels } = await world.registry.labels.newestEarly('toy', { before: null, most: 9 })
    return labels.filter(({ decisionId }) => decisionId === 'large').length
  }
  expect(await ofLarge()).toBe(3)
  await decide('large')
  await expect.poll(() => versions('large').then(({ length }) => length)).toBe(3)
  expect(await deliver([label('large', { ...one, y: 1 }, observedAt)])).toMatchObject({ corrections: 1 })
})

it('a database snapshot permanently excludes rows written after it', async () => {
  await decide('cut')
  await deliver([label('cut', 0, at(-2_000))])
  const cut = await world.registry.evidence.databaseSnapshot()
  await deliver([label('cut', 1, at(-1_000))])
  const query = {
    project: 'toy',
    workflowId: '',
    asOf: Date.now() + DAY_MS,
    labelHorizonMs: DAY_MS,
    source: 'live' as const,
  }
  const sum = (cohorts: { lossSum: number }[]) => cohorts.reduce((all, { lossSum }) => all + lossSum, 0)
  const [then, now] = [
    await world.registry.evidence.cohorts({ ...query, cut }),
    await world.registry.evidence.cohorts(query),
  ]
  expect(sum(then) - sum(now)).toBe(1)
  expect(await world.registry.evidence.cohorts({ ...query, cut })).toEqual(then)
})

describe('clock skew between client and server', () => {
  it('minutes ahead or behind are taken; the cohort is the server’s day, whatever the client’s clock says', async () => {
    const run = await candidate(world, 0.5, 'release/toy/skew')
    const clock = { eventStart: Date.parse('2001-05-05T12:00:00Z'), wallStart: Date.now(), speed: 1 }
    await openCanary(world, run, 5_000, inputOf(run.workflowId, {}, clock))
    const [gateway] = gateways
    await weighs(gateway, 5_000)
    for (let index = 0; index < 40; index += 1)
      await gateway.post(DECISIONS, ask(`entity-${index}`, { decisionId: `skew-${index}` }))
    const event = (offset: number) =>
      new Date(Date.parse('2001-05-05T12:00:00Z') + (Date.now() - clock.wallStart) + offset).toISOString()
    const skewed = [300_000, -300_000].flatMap((offset, half) =>
      Array.from({ length: 20 }, (_, index) => label(`skew-${half * 20 + index}`, 1, event(offset))),
    )
    expect(await deliver(skewed)).toMatchObject({ accepted: 40, rejected: [] })
    // Wall time, which is 25 years ahead of this run's event time.
    expect(await deliver([label('skew-0', 0)])).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] })
    const query = { project: 'toy', workflowId: run.workflowId, labelHorizonMs: DAY_MS, source: 'live' as const }
    const later = await world.registry.evidence.cohorts({ ...query, asOf: Date.parse('2001-05-05T13:00:00Z') })
    expect(later.map(({ day }) => day)).toEqual(['2001-05-05', '2001-05-05'])
    expect(later.reduce((sum, { exposed }) => sum + exposed, 0)).toBe(40)
    expect(later.reduce((sum, { labelled }) => sum + labelled, 0)).toBe(40)
    expect(later.map(({ weight }) => weight)).toEqual([5_000, 5_000])
    // Coverage is a number one can ask for.
    const { body } = await gateway.get(`/v1/projects/toy/coverage?run=${encodeURIComponent(run.workflowId)}`)
    const arms = body.arms as { exposed: number; labelled: number; coverage: number }[]
    expect(arms.reduce((sum, { exposed }) => sum + exposed, 0)).toBe(40)
    for (const { exposed, labelled, coverage } of arms) expect(coverage).toBe(labelled / exposed)
  })
})
