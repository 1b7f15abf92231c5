import { expect, it } from 'vitest'
import type { DemandInput } from '../../../projects/forecast/features/demand-input.js'
import { project } from '../../../projects/forecast/index.js'
import type { ReplayEvent } from '../../../projects/project.js'
import { imported, midnight, smallWorld, testFolder } from './demand-files.js'

const folder = testFolder()
const DAY = 86_400_000

async function eventsOf(source: string, day: number): Promise<ReplayEvent<DemandInput>[]> {
  const events: ReplayEvent<DemandInput>[] = []
  for await (const event of project.replay({ source, from: day, to: day + DAY })) events.push(event)
  return events
}

const measured = (events: readonly ReplayEvent<DemandInput>[], action: (index: number) => string = () => 'standing') =>
  project.measure({
    arm: 'canary',
    from: 0,
    to: DAY,
    decisions: events.map(({ at, input }, index) => ({ at, input, output: {}, action: action(index) })),
  })

const limit = (name: string): number =>
  project.monitor.signals.find((signal) => signal.name === name)?.threshold ?? Number.NaN

it('breaches the monitor within three days of a stopped feed, while labels continue', async () => {
  const from = midnight('2024-03-05')
  const stalled = await smallWorld(folder, { situation: 'stalled_counts', from: '2024-03-05' })
  const fine = await smallWorld(folder)
  const ages = async (world: string) =>
    Promise.all(
      [0, 1, 2, 3].map(async (day) => measured(await eventsOf(world, from + day * DAY)).counts_age_days ?? -1),
    )
  const [still, healthy] = [await ages(stalled), await ages(fine)]
  expect(still).toEqual([1, 2, 3, 4])
  expect(Math.max(...healthy)).toBeLessThanOrEqual(1)
  expect(still[2]).toBeGreaterThan(limit('counts_age_days'))
  const labels = (events: readonly ReplayEvent[]) => events.map(({ label }) => label)
  const day = from + 2 * DAY
  expect(labels(await eventsOf(stalled, day))).toEqual(labels(await eventsOf(fine, day)))
})

it('leaves counts out of a snapshot that were not delivered by its cutoff', async () => {
  const stalled = await smallWorld(folder, { situation: 'stalled_counts', from: '2024-03-05' })
  const { snapshot } = await imported(folder, stalled, '2024-03-11')
  expect(snapshot.days.last).toBe('2024-03-04')
})

it('does not treat a holiday as a stopped feed', async () => {
  const mayDay = await eventsOf(await smallWorld(folder), midnight('2024-05-01'))
  expect(measured(mayDay).counts_age_days).toBe(1)
  // Nor a single series that is no longer sold.
  const [first] = mayDay
  if (!first) throw new Error('nothing was replayed')
  const gone = { ...first, input: { ...first.input, recent: first.input.recent.map(() => null) } }
  expect(measured([...mayDay, gone]).counts_age_days).toBe(1)
})

it('measures a flood of alerts, and nothing without decisions', async () => {
  const events = await eventsOf(await smallWorld(folder), midnight('2024-03-04'))
  const flood = measured(events, (index) => (index % 3 > 0 ? 'replenish' : 'standing')).alert_flood_share ?? 0
  expect(flood).toBeCloseTo(2 / 3, 1)
  expect(flood).toBeGreaterThan(limit('alert_flood_share'))
  expect(measured([])).toEqual({})
})
