/**
 * Twenty segments of unequal size, tested at every look, whatever the judge says of all decisions together: the rates
 * are those of the segments alone.
 */
import { DAY_MS, utcDay } from '../../../contracts/duration.js'
import type { PromotionPolicy } from '../../../contracts/types.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { createStream } from '../../../judge/simulation/stream/stream.js'
import type { ArmSums, StreamDay } from '../../../judge/simulation/stream/sums.js'
import type { World } from '../../../judge/simulation/stream/world.js'
import { segmentEffects } from '../../../judge/v2/segments/effects.js'
import { segmentSumsOf } from '../../../judge/v2/segments/of-days.js'
import { type SegmentSettings, segmentSettings } from '../../../judge/v2/segments/settings.js'
import { settings2 } from '../../../judge/v2/settings.js'
import { FLAT, HORIZON_DAYS, RAMPED, type Schedule } from '../stream.js'
import { policy2 } from './methods.js'

const COUNT = 20
const DAYS = 30
const TRAFFIC = 2_000
/** Labelled decisions that an arm of a segment needs. */
const MIN_MATURE = 100
/** Of the fourth largest segment in the rows with harm. */
const HARMED = 3
const TWICE = 1
const ARMS = { challenger: 'canary', reference: 'production' } as const

export interface SegmentRow {
  readonly name: string
  readonly world: Pick<World, 'rate'> & Partial<World>
  readonly highest: number | null
}

const steady = () => 0.12

export const SEGMENT_ROWS: readonly SegmentRow[] = [
  { name: 'binary, 12 %', world: { rate: steady }, highest: 1 },
  { name: 'binary, rare: 0.3 %', world: { rate: () => 0.003 }, highest: 1 },
  { name: 'binary, rare: 0.3 %, no bound', world: { rate: () => 0.003 }, highest: null },
  {
    name: 'log-normal, σ = 2',
    world: { rate: () => 1, loss: { kind: 'lognormal', sigma: 2 } },
    highest: null,
  },
  {
    name: '10 decisions an entity, icc .19',
    world: { rate: steady, entities: { visits: 10, icc: 0.186 } },
    highest: 1,
  },
]

export interface SegmentRates {
  readonly row: string
  readonly schedule: string
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

/** A run of twenty segments takes many times as long as one of all decisions. */
export const segmentRates = ({ runs, seed }: Size, part = 0, parts = 1): SegmentRates[] =>
  SEGMENT_ROWS.flatMap((row, index) =>
    index % parts === part
      ? [FLAT, RAMPED].flatMap((schedule) => ratesOf(row, schedule, { runs: Math.ceil(runs / 4), seed }))
      : [],
  )

export const ratesOf = (row: SegmentRow, schedule: Schedule, { runs, seed }: Size): SegmentRates[] => [
  rates(row, { schedule, harm: false }, { runs, seed }),
  rates(row, { schedule, harm: true }, { runs: Math.ceil(runs / 4), seed }),
]

interface Asked {
  readonly schedule: Schedule
  readonly harm: boolean
}

function rates(row: SegmentRow, { schedule, harm }: Asked, { runs, seed }: Size): SegmentRates {
  const settings = settingsOf(policyOf(row))
  const days: number[] = []
  let falseAlarms = 0
  for (let run = 0; run < runs; run += 1) {
    const { first, wrong } = outcomeOf(settings, draw(row, { schedule, harm }, { seed, run }), harm)
    if (first !== null) days.push(first)
    if (wrong) falseAlarms += 1
  }
  return {
    row: row.name,
    schedule: schedule.name,
    runs,
    harm,
    falseAlarms: falseAlarms / runs,
    found: days.length / runs,
    days: days.sort((a, b) => a - b)[Math.floor((days.length - 1) / 2)] ?? null,
  }
}

const nameOf = (index: number): string => `segment ${index + 1}`

const policyOf = ({ highest }: SegmentRow): PromotionPolicy => ({
  ...policy2({ method: 'confidence_sequence', information: 1, highest }),
  segments: {
    onHarm: 'hold',
    minMature: MIN_MATURE,
    of: Array.from({ length: COUNT }, (_, index) => ({ name: nameOf(index) })),
  },
})

function settingsOf(policy: PromotionPolicy): SegmentSettings {
  const settings = segmentSettings(policy, settings2(policy.judge, false))
  if (!settings) throw new RangeError('the policy has segments')
  return settings
}

type Segment = readonly StreamDay[]

function draw(
  { world }: SegmentRow,
  { schedule, harm }: Asked,
  { seed, run }: { seed: number; run: number },
): Segment[] {
  const random = createRandom(seed, run)
  const sizes = Array.from({ length: COUNT }, (_, index) => 1 / (index + 2))
  const all = sizes.reduce((sum, size) => sum + size, 0)
  return sizes.map((size, index) => {
    const effect = harm && index === HARMED ? TWICE : 0
    const stream = createStream({ effect, cost: 1, ...world, traffic: Math.round((TRAFFIC * size) / all) }, random)
    return Array.from({ length: DAYS }, (_, day) => stream.next(schedule.weight(day)))
  })
}

function outcomeOf(
  settings: SegmentSettings,
  segments: readonly Segment[],
  harm: boolean,
): { first: number | null; wrong: boolean } {
  const cohorts = segments.map((days) => days.map(cohortsOf))
  let [first, wrong]: [number | null, boolean] = [null, false]
  for (let today = HORIZON_DAYS + 1; today <= DAYS; today += 1) {
    const mature = today - HORIZON_DAYS
    const sums = segments.map((days, index) =>
      segmentSumsOf(
        {
          name: nameOf(index),
          cohorts: cohorts[index]?.slice(0, mature).flat() ?? [],
          byEntity: days[mature - 1]?.clusters[settings.bounds ? 'effect' : 'balanced'] ?? 0,
        },
        ARMS,
        settings.bounds ? { ...settings.bounds, beyond: 'winsorise' } : undefined,
      ),
    )
    for (const { name, harmful } of segmentEffects(settings, sums)) {
      if (!harmful) continue
      if (harm && name === nameOf(HARMED)) first ??= today
      else wrong = true
    }
  }
  return { first, wrong }
}

const cohortsOf = ({ canary, production }: StreamDay, day: number) => {
  const of = (arm: 'canary' | 'production', { labelled, lossSum, lossSumSquares, clusterSquares }: ArmSums) => ({
    day: utcDay(day * DAY_MS),
    arm,
    labelled,
    lossSum,
    lossSumSquares,
    clusterSquares,
  })
  return [of('canary', canary), of('production', production)]
}
