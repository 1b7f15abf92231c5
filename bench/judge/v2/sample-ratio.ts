/**
 * The split is as configured; entities return. Judge 1 counts decisions at its last look, judge 2 entities at every
 * look.
 */
import { DAY_MS } from '../../../contracts/duration.js'
import { sampleRatioP as sampleRatio1 } from '../../../judge/sample-ratio.js'
import { SIMULATED_START } from '../../../judge/simulation/evidence.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { createStream } from '../../../judge/simulation/stream/stream.js'
import { streamEvidence } from '../../../judge/simulation/stream/stream-evidence.js'
import { sampleRatioP as sampleRatio2 } from '../../../judge/v2/sample-ratio.js'
import { RAMPED } from '../stream.js'

const DAYS = 22
/** As in the policies of the shipped projects. */
const LEVEL = 0.001

export interface SampleRatio {
  readonly visits: number
  readonly runs: number
  readonly judge1: number
  readonly judge2: number
}

export function sampleRatio({ runs, seed }: { runs: number; seed: number }): SampleRatio[] {
  return [1, 10].map((visits) => {
    let [one, two] = [0, 0]
    for (let run = 0; run < runs; run += 1) {
      const world = {
        traffic: 1_000,
        rate: () => 0.12,
        effect: 0,
        cost: 1,
        entities: { visits, icc: 0.186, unequal: 0.5 },
      }
      const stream = createStream(world, createRandom(seed, run))
      const days = Array.from({ length: DAYS }, (_, day) => stream.next(RAMPED.weight(day)))
      const asOf = SIMULATED_START + DAYS * DAY_MS
      const { cohorts, arms } = streamEvidence(days, { asOf, labelHorizonMs: 0, looks: [] })
      if ((sampleRatio1(cohorts, arms.challenger, arms.reference) ?? 1) < LEVEL) one += 1
      if ((sampleRatio2(cohorts, arms) ?? 1) < LEVEL) two += 1
    }
    return { visits, runs, judge1: one / runs, judge2: two / runs }
  })
}
