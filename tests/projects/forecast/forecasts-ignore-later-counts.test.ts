import { expect, it } from 'vitest'
import { DAY_MS, durationMs } from '../../../contracts/duration.js'
import { historyUntil } from '../../../projects/forecast/counts/history.js'
import type { DemandInput } from '../../../projects/forecast/features/demand-input.js'
import { inputAt, usualOf } from '../../../projects/forecast/features/demand-input.js'
import { generate } from '../../../projects/forecast/generator/generate-demand.js'
import { describeWorld } from '../../../projects/forecast/generator/world-file.js'
import { project } from '../../../projects/forecast/index.js'
import type { ReplayEvent } from '../../../projects/project.js'
import { midnight, smallWorld, testFolder } from './demand-files.js'

const folder = testFolder()

async function replayed(source: string, from: string, to: string): Promise<ReplayEvent<DemandInput>[]> {
  const events: ReplayEvent<DemandInput>[] = []
  for await (const event of project.replay({ source, from: midnight(from), to: midnight(to) })) events.push(event)
  return events
}

it('makes an input only from days up to the last known one', () => {
  const { history } = generate(describeWorld({ series: 16 }))
  const known = 700
  const cut = historyUntil(history, history.first + known + 1)
  const byCode = new Map(history.series.map((series) => [series.code, series]))
  for (const series of cut.series) {
    const same = byCode.get(series.code)
    if (!same) throw new Error(`${series.code} is gone`)
    const whole = inputAt(history, same, known + 7, 7)
    // Promotions are planned ahead, so they stay; counts do not.
    expect(inputAt(cut, { ...series, promoted: same.promoted }, known + 7, 7)).toEqual(whole)
    expect(whole.recent).toHaveLength(112)
    expect(whole.recent.at(-1)).toBe(history.open[known] === 1 ? same.counts[known] : null)
  }
})

it('leaves promotions and closed days out of the usual level', () => {
  const recent = [2, 4, null, 40]
  expect(usualOf({ recent, promotedDaysAgo: [0] })).toBe(3)
  expect(usualOf({ recent: [null], promotedDaysAgo: [] })).toBe(0)
})

it('replays each evening’s forecasts once, with the label at the evening of the day forecast', async () => {
  const world = await smallWorld(folder)
  const events = await replayed(world, '2024-03-04', '2024-03-06')
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  // No key returns: one that did would be in the same arm every day.
  expect(new Set(events.map(({ entityKey }) => entityKey)).size).toBe(events.length)
  const { history } = generate(describeWorld({ series: 96 }))
  for (const { at, knownAt, label, input } of events) {
    expect(new Date(at).toISOString().slice(11, 16)).toBe('22:00')
    expect(knownAt).toBe(at + 7 * DAY_MS)
    // Final within the label horizon after the cohort's day, and never before the decision.
    expect((knownAt ?? 0) - Math.ceil(at / DAY_MS) * DAY_MS).toBeLessThanOrEqual(
      durationMs(project.policy.labelHorizon),
    )
    const series = history.series.find(({ code }) => code === input.series)
    expect(label).toBe(series?.counts[Date.parse(input.day) / DAY_MS - history.first])
  }
  const both = [
    ...(await replayed(world, '2024-03-04', '2024-03-05')),
    ...(await replayed(world, '2024-03-05', '2024-03-06')),
  ]
  expect(both).toEqual(events)
})

it('forecasts no day on which the shop plans to be closed', async () => {
  const events = await replayed(await smallWorld(folder), '2024-03-04', '2024-03-18')
  const days = new Set(events.map(({ input }) => new Date(`${input.day}T00:00:00Z`).getUTCDay()))
  expect([...days].sort()).toEqual([1, 2, 3, 4, 5, 6])
})

it('accepts live what it replays, and scores whatever it accepts', async () => {
  const { inputSchema } = project
  if (!inputSchema) throw new Error('the project has no schema for live inputs')
  const [event] = await replayed(await smallWorld(folder), '2024-03-04', '2024-03-05')
  const input = event?.input as DemandInput
  expect(inputSchema.parse(JSON.parse(JSON.stringify(input)))).toEqual(input)
  const barest = { ...input, recent: [null], promotedDaysAgo: [111], lastYear: [] }
  const model = {
    schema: 'forecast_model/1',
    featureVersion: 'demand_lags_v2',
    horizon: { from: 7, to: 7 },
    feed: null,
  }
  const width = 26
  const layers = [{ weights: Array.from({ length: width * 4 }, () => 0.1), bias: [1, 2, 3, 4] }]
  const network = { mean: Array(width).fill(0), deviation: Array(width).fill(1), layers }
  const artifact = Buffer.from(
    JSON.stringify({ ...model, network, trained: { from: 0, until: 1, rows: 1 }, offsets: [0, 0, 0, 0] }),
  )
  const scorer = await project.load({ featureVersion: 'demand_lags_v2', artifact })
  const outputs = await scorer.score([inputSchema.parse(barest), inputSchema.parse(input)])
  for (const output of outputs) for (const value of Object.values(output)) expect(Number.isFinite(value)).toBe(true)
  const wrong = [
    { recent: [-1] },
    { recent: [1.5] },
    { recent: [] },
    { recent: Array(113).fill(1) },
    { ahead: 3 },
    { day: '2024-02-30' },
    { promotedDaysAgo: [-1] },
    { note: 'x' },
  ]
  for (const more of wrong) expect(inputSchema.safeParse({ ...input, ...more }).success).toBe(false)
})
