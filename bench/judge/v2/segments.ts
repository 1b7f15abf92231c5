/**
 * Twenty segments of unequal size. Every look is judged, whatever the judge says of all decisions together, so that the
 * rates are those of the segments alone.
 */
import { DAY_MS } from '../../../contracts/duration.js'
import type { PromotionPolicy } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { SIMULATED_START } from '../../../judge/simulation/evidence.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { streamWithSegments } from '../../../judge/simulation/stream/segments.js'
import { createStream } from '../../../judge/simulation/stream/stream.js'
import type { World } from '../../../judge/simulation/stream/world.js'
import { FLAT, HORIZON_DAYS, RAMPED, type Schedule } from '../stream.js'
import { type Method, policy2 } from './methods.js'

const COUNT = 20
const DAYS = 30
const TRAFFIC = 2_000
/** Labelled decisions that an arm of a segment needs. */
const MIN_MATURE = 100
/** Of the fourth largest segment in the rows with harm. */
const HARMED = 3
const TWICE = 1
const NEVER = '9999-12-31T00:00:00.000Z'

export interface SegmentRow {
  readonly name: string
  readonly world: Pick<World, 'rate'> & Partial<World>
  readonly highest: number | null
  readonly methods: readonly Method[]
}

const steady = () => 0.12
const SEQUENCE: readonly Method[] = ['confidence_sequence']
const BOTH: readonly Method[] = ['confidence_sequence', 'bounded']

export const SEGMENT_ROWS: readonly SegmentRow[] = [
  { name: 'binary, 12 %', world: { rate: steady }, highest: 1, methods: BOTH },
  { name: 'binary, rare: 0.3 %', world: { rate: () => 0.003 }, highest: 1, methods: BOTH },
  {
    name: 'log-normal, σ = 2',
    world: { rate: () => 1, loss: { kind: 'lognormal', sigma: 2 } },
    highest: null,
    methods: SEQUENCE,
  },
  {
    name: '10 decisions an entity, icc .19',
    world: { rate: steady, entities: { visits: 10, icc: 0.186 } },
    highest: 1,
    methods: SEQUENCE,
  },
]

export interface SegmentRates {
  readonly row: string
  readonly schedule: string
  readonly method: Method
  readonly runs: number
  /** Whether the fourth segment loses twice as much in the canary. */
  readonly harm: boolean
  /** Runs with harm in a segment without any. */
  readonly falseAlarms: number
  /** Runs in which the harmed segment was found, and the median of the days until then. */
  readonly found: number
  readonly days: number | null
}

interface Size {
  readonly runs: number
  readonly seed: number
}

export const segmentRates = (size: Size, part = 0, parts = 1): SegmentRates[] =>
  SEGMENT_ROWS.flatMap((row, index) =>
    index % parts === part ? [FLAT, RAMPED].flatMap((schedule) => ratesOf(row, schedule, size)) : [],
  )

export const ratesOf = (row: SegmentRow, schedule: Schedule, size: Size): SegmentRates[] =>
  row.methods.flatMap((method) => [false, true].map((harm) => rates(row, { schedule, method, harm }, size)))

interface Asked {
  readonly schedule: Schedule
  readonly method: Method
  readonly harm: boolean
}

function rates(row: SegmentRow, { schedule, method, harm }: Asked, { runs, seed }: Size): SegmentRates {
  const policy = policyOf(row, method)
  const days: number[] = []
  let falseAlarms = 0
  for (let run = 0; run < runs; run += 1) {
    const { first, wrong } = oneRun(row, policy, { schedule, harm, seed, run })
    if (first !== null) days.push(first)
    if (wrong) falseAlarms += 1
  }
  days.sort((a, b) => a - b)
  return {
    row: row.name,
    schedule: schedule.name,
    method,
    runs,
    harm,
    falseAlarms: falseAlarms / runs,
    found: days.length / runs,
    days: days[Math.floor((days.length - 1) / 2)] ?? null,
  }
}

const nameOf = (index: number): string => `segment ${index + 1}`

const policyOf = ({ highest }: SegmentRow, method: Method): PromotionPolicy => ({
  ...policy2({ method, information: 1, highest }),
  segments: {
    onHarm: 'hold',
    minMature: MIN_MATURE,
    of: Array.from({ length: COUNT }, (_, index) => ({ name: nameOf(index) })),
  },
})

function oneRun(
  { world }: SegmentRow,
  policy: PromotionPolicy,
  { schedule, harm, seed, run }: Pick<Asked, 'schedule' | 'harm'> & { seed: number; run: number },
): { first: number | null; wrong: boolean } {
  const random = createRandom(seed, run)
  const sizes = Array.from({ length: COUNT }, (_, index) => 1 / (index + 2))
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const streams = sizes.map((size, index) => {
    const effect = harm && index === HARMED ? TWICE : 0
    return createStream({ effect, cost: 1, ...world, traffic: Math.round((TRAFFIC * size) / all) }, random)
  })
  const segments = streams.map((stream, index) => ({
    name: nameOf(index),
    days: Array.from({ length: DAYS }, (_, day) => stream.next(schedule.weight(day))),
  }))
  let [first, wrong]: [number | null, boolean] = [null, false]
  for (let today = HORIZON_DAYS + 1; today <= DAYS; today += 1) {
    const asOf = SIMULATED_START + today * DAY_MS
    const at = { asOf, labelHorizonMs: HORIZON_DAYS * DAY_MS, looks: [] }
    const evidence = streamWithSegments(segments, policy.judge.lossBound, today, at)
    for (const { name, harmful } of judge(policy, evidence, NEVER).numbers.segments ?? []) {
      if (!harmful) continue
      if (harm && name === nameOf(HARMED)) first ??= today
      else wrong = true
    }
  }
  return { first, wrong }
}
