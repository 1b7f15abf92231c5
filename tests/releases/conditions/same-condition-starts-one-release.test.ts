import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { releaseInput } from '../../../contracts/schemas/index.js'
import type { ConditionPolicy, ConditionsPolicy } from '../../../contracts/types.js'
import type { Registry } from '../../../registry/index.js'
import { newestRecord, recordsSince } from '../../../releases/conditions/condition-records.js'
import { suppressionOf, underWay } from '../../../releases/conditions/suppression.js'
import { openWatched, recorded, startOf, type Watched } from './support.js'

let on: Watched
beforeEach(async () => {
  on = await openWatched()
})
afterEach(() => on?.close())

const HOUR = 3_600_000

it('a release carries the numbers that made the condition hold, and data as of the instant of the check', async () => {
  const at = on.day(0) + 5 * HOUR
  const fired = await on.check('old-data', at)
  expect(fired).toMatchObject({ outcome: 'started', suppressed: null })
  const start = releaseInput.parse(fired.start)
  const instant = new Date(at).toISOString()
  expect(start.trigger).toMatchObject({
    project: 'toy',
    kind: 'condition',
    by: 'condition old-data',
    at: instant,
    cutoff: instant,
    evidence: 'live',
    id: `condition-old-data-${instant.slice(0, 10)}`,
    cause: { condition: 'old-data', window: { to: instant } },
  })
  const { ageHours, boundHours } = start.trigger.cause?.numbers ?? {}
  expect(boundHours).toBe(28 * 24)
  expect(ageHours).toBeCloseTo((at - Date.parse('2001-01-20T00:00:00Z')) / HOUR)
  expect(start.clock).toEqual({ eventStart: at, wallStart: at, speed: 1 })
  expect(await recorded(on)).toMatchObject([{ outcome: 'started', numbers: { ageHours, boundHours } }])
})

it('of eight checks at the same moment one starts it; repeated for that instant, the answer is the same', async () => {
  const at = on.day(0) + HOUR
  const all = await Promise.all(Array.from({ length: 8 }, (_, index) => on.check('old-data', at + index)))
  expect(all.filter(({ outcome }) => outcome === 'started')).toHaveLength(1)
  expect(all.filter(({ outcome }) => outcome === 'suppressed')).toHaveLength(7)
  const first = all.find(({ outcome }) => outcome === 'started')
  if (!first) throw new Error('none started it')
  // As an activity that is tried again after it recorded.
  expect(await on.check('old-data', Date.parse(first.at))).toEqual(first)
  expect((await recorded(on)).filter(({ outcome }) => outcome === 'started')).toHaveLength(1)
})

describe('suppressed, and recorded with its numbers:', () => {
  it('within the cool-down of the release it started last; after it, it starts another', async () => {
    const at = on.day(0)
    await on.ends(await on.begins(startOf(await on.check('old-data', at))))
    const within = await on.check('old-data', on.day(7) - 1)
    expect(within).toMatchObject({ outcome: 'suppressed', suppressed: { by: 'cool_down' }, start: null, release: null })
    expect(within.suppressed?.says).toContain(new Date(at).toISOString())
    expect(within.numbers.boundHours).toBe(28 * 24)
    // A check made up for a day before it starts nothing behind it.
    expect(await on.check('old-data', at - HOUR)).toMatchObject({ suppressed: { by: 'cool_down' } })
    expect(await on.check('old-data', on.day(7))).toMatchObject({ outcome: 'started' })
    expect((await recorded(on)).map(({ outcome }) => outcome)).toEqual([
      'started',
      'suppressed',
      'suppressed',
      'started',
    ])
  })

  it('while a release of the project is on its way to a canary, however it was started', async () => {
    const at = on.day(0)
    const start = startOf(await on.check('old-data', at))
    const byHand = { ...start, trigger: { ...start.trigger, id: 'by-hand', kind: 'cli' as const } }
    const run = await on.begins(byHand)
    await on.ends(await on.begins(start))
    const blocked = await on.check('old-data', on.day(8))
    expect(blocked).toMatchObject({ suppressed: { by: 'release_under_way', says: `${run} is in validating` } })
    await on.ends(run)
    expect(await on.check('old-data', on.day(8) + 1)).toMatchObject({ outcome: 'started' })
  })

  it('beyond the limit per day over all conditions, also if they hold in the same moment', async () => {
    await on.decisions(on.day(0), 200, { loss: 2 })
    await on.decisions(on.day(1), 200, { loss: 2 })
    const at = on.day(3) + HOUR
    const one = { perDay: 1 }
    const both = await Promise.all([on.check('old-data', at, one), on.check('costs-more', at, one)])
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['started', 'suppressed'])
    const first = both.find(({ start }) => start !== null)
    const other = both.find(({ start }) => start === null)
    if (!first || !other) throw new Error('one was to start, one not')
    await on.ends(await on.begins(startOf(first)))
    const again = await on.check(other.condition, at + HOUR, one)
    expect(again.suppressed).toMatchObject({ by: 'ceiling' })
    expect(again.suppressed?.says).toContain('1 of at most 1')
    // The next day has places of its own.
    expect(await on.check(other.condition, on.day(4), one)).toMatchObject({ outcome: 'started' })
  })

  it('once for each day and reason, however often it is checked', async () => {
    const at = on.day(0)
    await on.ends(await on.begins(startOf(await on.check('old-data', at))))
    for (let hour = 24; hour < 48; hour += 4) await on.check('old-data', at + hour * HOUR)
    expect(await recorded(on)).toHaveLength(2)
  })
})

it('a check reads the records of its cool-down and day only, and knows the run of the same window however old it is', async () => {
  const fired = await on.check('old-data', on.day(0))
  await on.ends(await on.begins(startOf(fired)))
  for (let day = 1; day <= 6; day += 1) await on.check('old-data', on.day(day))
  const read: number[] = []
  const { entries } = on.registry.ledger
  const spied = {
    ...on.registry,
    ledger: {
      ...on.registry.ledger,
      entries: async (...asked: Parameters<typeof entries>) => {
        const found = await entries(...asked)
        if (asked[1]?.kind === 'condition') read.push(found.length)
        return found
      },
    },
  } as Registry
  const week = 7 * 24 * HOUR
  expect(await recordsSince(spied, 'toy', on.day(0))).toHaveLength(7)
  expect(await recordsSince(spied, 'toy', on.day(0) + week)).toHaveLength(1)
  expect(await newestRecord(spied, 'toy', 'old-data')).toMatchObject({ at: new Date(on.day(6)).toISOString() })
  expect(await newestRecord(spied, 'toy', 'costs-more')).toBeUndefined()
  expect(read).toEqual([7, 1, 1, 0])
  // Long after the cool-down, when the record of the start is read no more.
  const release = `release/toy/${startOf(fired).trigger.id}`
  const runs = await underWay(on.registry, 'toy', [], { at: on.day(20), release })
  const policy = { name: 'old-data', coolDown: '7d' } as ConditionPolicy
  const again = { condition: 'old-data', project: 'toy', window: fired.window }
  const policies = { perDay: 9 } as ConditionsPolicy
  expect(suppressionOf(again, policy, policies, { runs, records: [] }, on.day(20))).toEqual({
    by: 'cool_down',
    says: `${release} was started by the same condition on the same window`,
  })
})
