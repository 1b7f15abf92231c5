/** Both sides of each boundary: of instants that users type, of spans and clocks, and of what can be recorded. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canonicalJson, digestOf, sha256 } from '../../contracts/canonical.js'
import { eventNow, requireSpeed, wallAt, wallUntil } from '../../contracts/clock.js'
import { DAY_MS, durationMs, spanInWords } from '../../contracts/duration.js'
import { type ExposureStep, endingLook, inOrderOfForce } from '../../contracts/exposure.js'
import { parseCutoff, parseTime } from '../../contracts/instants.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { isRecordableJson, recordable, requireRecordableJson } from '../../contracts/recordable-text.js'
import { instant } from '../../contracts/schemas/common.js'

describe('an instant', () => {
  it.each([
    ['2001-03-10T12:00:05', '2001-03-10T12:00:05.000Z'],
    ['2001-03-10 12:00:05.250', '2001-03-10T12:00:05.250Z'],
    ['2001-03-10T12:00:05.2', '2001-03-10T12:00:05.200Z'],
    ['2001-03-10T12:00:05Z', '2001-03-10T12:00:05.000Z'],
    ['2001-03-10T23:30-02:00', '2001-03-11T01:30:00.000Z'],
    ['2001-03-10T00:30+02:30', '2001-03-09T22:00:00.000Z'],
    ['2004-02-29T00:30+02:00', '2004-02-28T22:30:00.000Z'],
    ['1970-01-01', '1970-01-01T00:00:00.000Z'],
    ['1970-06-01', '1970-06-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999', '9999-12-31T23:59:59.999Z'],
  ])('%s is UTC, unless it names an offset: %s', (text, iso) => {
    expect(parseTime(text, 'time').toISOString()).toBe(iso)
  })

  it.each([
    '1969-12-31',
    '1970-01-01T00:59+01:00',
    '9999-12-31T23:59:59-00:01',
    '0000-01-01',
    'x2001-03-10',
    '2001-03-10x',
    'on 2001-03-10 10:00',
    'x2001-03-10T10:00Z',
    '2001-02-30T10:00',
    '2001-02-30T10:00Z',
    '2001-02-30T10:00+02:00x',
    '2001-02-30T10:00+02:00',
    '2001-02-29T00:00-12:00',
    '2001-03-10T24:00+02:00',
    '2001-03-10T24:00',
    '2001-03-10T25:00',
    '2001-03-10T10:00:xx',
  ])('"%s" is refused', (text) => {
    expect(() => parseTime(text, 'time')).toThrow('is not a time')
  })

  it.each([
    ['1970-01-01T00:00:00Z', true],
    ['1969-12-31T23:59:59.999Z', false],
    ['1970-01-01T00:00:00+00:01', false],
    ['9999-12-31T23:59:59.999Z', true],
    ['9999-12-31T23:59:59.999-00:01', false],
    ['0000-01-01T00:00:00Z', false],
  ])('the schema of every contract takes %s: %s', (text, taken) => {
    expect(instant.safeParse(text).success).toBe(taken)
  })

  it('a cutoff in the future is refused with the name of its option', () => {
    const tomorrow = new Date(Date.now() + DAY_MS).toISOString()
    expect(() => parseCutoff(tomorrow, '--cutoff')).toThrow(`--cutoff ${tomorrow} is in the future`)
    expect(() => parseCutoff(tomorrow, '--cutoff')).toThrow(expect.objectContaining({ type: 'BadRequest' }))
    expect(parseCutoff('2001-03-10', '--cutoff').toISOString()).toBe('2001-03-10T00:00:00.000Z')
  })
})

describe('a duration', () => {
  it.each(['5', 'd', '5 d', '5days', '-5d', 'x5d', '.5d', '5.d'])('"%s" is refused, and named', (text) => {
    expect(() => durationMs(text)).toThrow(`"${text}" is not a duration`)
  })

  it.each([
    [0, 'under a second'],
    [999, 'under a second'],
    [1_000, '1 second'],
    [1_500, '1.5 seconds'],
    [59_999, '60 seconds'],
    [60_000, '1 minute'],
    [3_599_000, '60 minutes'],
    [3_600_000, '1 hour'],
    [86_399_000, '24 hours'],
    [DAY_MS, '1 day'],
    [2.5 * DAY_MS, '2.5 days'],
    [10 * DAY_MS, '10 days'],
  ])('%d ms are "%s"', (ms, words) => {
    expect(spanInWords(ms)).toBe(words)
  })
})

it('a compressed clock turns wall time into event time and back, and never waits for the past', () => {
  const clock = { eventStart: 1_000, wallStart: 500, speed: 4 }
  expect(eventNow(clock, 600)).toBe(1_400)
  expect([wallAt(clock, 1_400), wallAt(clock, 200)]).toEqual([600, 300])
  expect([wallUntil(clock, 1_800, 600), wallUntil(clock, 1_404, 600), wallUntil(clock, 1_400, 600)]).toEqual([
    100, 1, 0,
  ])
  expect(wallUntil(clock, 1_396, 600)).toBe(0)
})

it('steps are in the order in which they take force: by day, then by step, and the end of exposure last', () => {
  const step = (name: string, fromDay: number, number: number, weight: number): ExposureStep & { name: string } => ({
    name,
    phase: 'canary',
    step: number,
    weight,
    fromDay,
  })
  const steps = [
    step('end', DAY_MS, 0, 0),
    step('third', 3 * DAY_MS, 1, 500),
    step('second', 2 * DAY_MS, 2, 100),
    step('first', 2 * DAY_MS, 1, 200),
    step('zeroth', DAY_MS, 9, 300),
  ]
  const names = (all: readonly ExposureStep[]) => inOrderOfForce(all).map((one) => (one as { name?: string }).name)
  const order = ['zeroth', 'first', 'second', 'third', 'end']
  expect(names(steps)).toEqual(order)
  expect(names(steps.toReversed())).toEqual(order)
})

it('the end of a phase is due with the first look of the grid at or after its deadline, and after the newest one', () => {
  const grid = { opened: DAY_MS - 1, every: 3 * DAY_MS }
  const due = (deadline: number, newestLook: number | null) => endingLook({ ...grid, deadline, newestLook }) / DAY_MS
  // The first day is day 1, so that looks are on days 4, 7, 10.
  expect([due(9 * DAY_MS, null), due(2 * DAY_MS, null)]).toEqual([10, 4])
  expect([due(2 * DAY_MS, 4 * DAY_MS - 1), due(2 * DAY_MS, 4 * DAY_MS), due(2 * DAY_MS, 8 * DAY_MS)]).toEqual([
    4, 7, 10,
  ])
  expect([due(7 * DAY_MS, 4 * DAY_MS), due(7 * DAY_MS + 1, 4 * DAY_MS)]).toEqual([7, 10])
  // A look of an earlier opening does not count.
  expect(due(2 * DAY_MS, -9 * DAY_MS)).toBe(4)
})

describe('the speed of a clock', () => {
  it.each([0.001, 1, 10_000_000])('may be %d', (speed) => {
    expect(() => requireSpeed(speed, '--speed')).not.toThrow()
  })

  it.each([0, -1, 0.000_999, 10_000_001, 1e300, Number.NaN, Number.POSITIVE_INFINITY])('is not %d', (speed) => {
    expect(() => requireSpeed(speed, '--speed')).toThrow(
      `--speed is ${speed}; it must be a number from 0.001 to 10,000,000`,
    )
  })
})

describe('recorded text', () => {
  it('has the same digest whatever the order of its keys, at every depth', () => {
    const text = '{"B":{"x":[2,{"a":1,"b":2}],"y":null},"a":true,"aa":"é","b":1.5}'
    expect(canonicalJson({ b: 1.5, aa: 'é', a: true, B: { y: null, x: [2, { b: 2, a: 1 }] } })).toBe(text)
    expect(canonicalJson(['b', 'a', 3])).toBe('["b","a",3]')
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${(index * 7) % 30}`, index]))
    const keys = Object.keys(JSON.parse(canonicalJson(many)) as object)
    expect(keys).toEqual(Object.keys(many).sort())
    expect(digestOf({ b: 1, a: 2 })).toBe(sha256('{"a":2,"b":1}'))
    // Of FIPS 180-2.
    expect(sha256('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => canonicalJson({ number })).toThrow('cannot be recorded')
  })

  it.each([
    ['a NUL', 'a\0b', 'a\ufffdb'],
    ['the first half of a pair', 'a\ud800b', 'a\ufffdb'],
    ['the second half of a pair', 'a\udfffb', 'a\ufffdb'],
    ['a NUL after a backslash', 'a\\\0b', 'a\\\ufffdb'],
    ['a NUL after two backslashes', 'a\\\\\0b', 'a\\\\\ufffdb'],
  ])('with %s is refused, and replaced where it is only shown', (_what, text, shown) => {
    const json = JSON.stringify({ text })
    expect(isRecordableJson(json)).toBe(false)
    expect(() => requireRecordableJson(json, 'a label')).toThrow('a label cannot be recorded')
    expect(recordable(text)).toBe(shown)
    expect(isRecordableJson(JSON.stringify({ text: recordable(text) }))).toBe(true)
  })

  it.each(['plain', 'a whole pair 😀', 'typed: \\u0000', 'typed: \\\\ud800', '\u0001', '\ue000'])(
    '"%s" is recorded as it is',
    (text) => {
      const json = JSON.stringify({ text })
      expect(isRecordableJson(json)).toBe(true)
      expect(() => requireRecordableJson(json, 'a label')).not.toThrow()
      expect(recordable(text)).toBe(text)
    },
  )
})

describe('a value that a schema refuses', () => {
  const schema = z.strictObject({
    name: z.string(),
    steps: z.array(z.strictObject({ weight: z.number(), label: z.string().optional() })).optional(),
  })
  const refusal = (value: unknown, of: z.ZodType = schema): string => {
    try {
      parseOrRefuse(of, value, 'policy')
      return 'accepted'
    } catch (error) {
      return (error as Error).message
    }
  }

  it('is named with its path, its value, and for an unknown key the keys that are known there', () => {
    expect(refusal({ name: 'x' })).toBe('accepted')
    expect(refusal({ name: 5 })).toMatch(/^policy: name is 5: /)
    expect(refusal({ name: Number.POSITIVE_INFINITY })).toMatch(/^policy: name is Infinity: /)
    expect(refusal({ name: 'x', steps: [{ weight: 1 }, { weight: 'y' }] })).toMatch(
      /^policy: steps\.1\.weight is "y": /,
    )
    expect(refusal({ name: 'x', nmae: 1 })).toMatch(/^policy: Unrecognized key.*nmae.*; known: name, steps$/)
    expect(refusal({ name: 'x', steps: [{ weight: 1, wieght: 2 }] })).toMatch(
      /^policy: steps\.0: Unrecognized key.*wieght.*; known: weight, label$/,
    )
    const deep = z.strictObject({ byName: z.record(z.string(), z.strictObject({ all: z.array(schema) })) })
    const inside = { byName: { x: { all: [{ name: 'x', nmae: 1 }] } } }
    // The keys of a record are not listed, and so neither is what lies below them.
    expect(refusal(inside, deep)).toMatch(/^policy: byName\.x\.all\.0: Unrecognized key.*; known: $/)
    const says = (value: unknown) =>
      refusal(
        value,
        z.any().refine(() => false, { path: ['a', 'b'], message: 'no' }),
      )
    expect(['text', null, { a: 'text' }, { a: null }, { a: { b: 5 } }].map(says)).toEqual([
      ...Array(4).fill('policy: a.b is missing: no'),
      'policy: a.b is 5: no',
    ])
    // Nothing is there to show: the whole, and what is missing inside of something else.
    expect(refusal('text')).toMatch(/^policy: Invalid input/)
    expect(refusal(null)).toMatch(/^policy: Invalid input/)
    expect(refusal({ name: 'x', steps: [{}] })).toMatch(/^policy: steps\.0\.weight is missing: /)
    expect(refusal({ name: 'x', steps: [null] })).toMatch(/^policy: steps\.0 is null: /)
    expect(refusal({ name: 5, nmae: 1 })).toMatch(/^policy: name is 5: .*; Unrecognized key.*; known: name, steps$/)
  })
})
