/** The toy project with its own name and little traffic: each day that passes costs test time. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_MS, utcDay } from '../../../contracts/duration.js'
import { SlipwayError } from '../../../contracts/failure.js'
import type { PromotionPolicy } from '../../../contracts/types.js'
import type { Project, ReplayEvent } from '../../../projects/project.js'
import { type ToyInput, toyDays } from '../../toy-project/data.js'
import { project as toy } from '../../toy-project/index.js'
import { toyPolicy } from '../../toy-project/policy.js'

const PER_DAY = 60
const DAYS_OF_DATA = 12

export const basePolicy: PromotionPolicy = {
  ...toyPolicy,
  name: 'sequence_policy_v1',
  deadline: '6d',
  extendBy: '3d',
  steps: [
    { weight: 2_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '1d' },
  ],
  judge: { ...toyPolicy.judge, tunedFor: 100, nonInferiorityMargin: 0.1, harmMargin: 0.1, minMature: 30 },
  probation: { holdback: 2_000, lasts: '2d' },
}

/** The data are the same for all sequences: each day is generated once. */
const days = new Map<number, ReplayEvent<ToyInput>[]>()
function eventsOf(day: number): ReplayEvent<ToyInput>[] {
  const known = days.get(day)
  if (known) return known
  const events = [...toyDays(day, day + DAY_MS, PER_DAY)]
  days.set(day, events)
  return events
}

export function* eventsBetween(from: number, to: number): Generator<ReplayEvent<ToyInput>> {
  for (let day = from; day < to; day += DAY_MS) yield* eventsOf(day)
}

export const sequenceProject = (name: string): Project<ToyInput> => ({
  ...toy,
  name,
  policy: basePolicy,
  async importSnapshot({ source, cutoff, outFolder }) {
    if (source !== undefined)
      throw new SlipwayError('BadData', `source ${source}: this project has generated data only`)
    const from = cutoff - DAYS_OF_DATA * DAY_MS
    const rows = [...eventsBetween(from, cutoff)].filter(({ knownAt }) => (knownAt ?? 0) < cutoff)
    const dataFile = join(outFolder, 'rows.json')
    await writeFile(dataFile, JSON.stringify(rows))
    return {
      dataFile,
      manifest: {
        source: { name: 'toy', files: [{ name: 'generated', sha256: `sha256:${'0'.repeat(64)}`, bytes: 0 }] },
        cutoff: new Date(cutoff).toISOString(),
        days: { first: utcDay(from), last: utcDay(cutoff - DAY_MS) },
        rows: rows.length,
        labelled: rows.length,
        censored: 0,
        rejected: [],
        columns: [{ name: 'x', type: 'int' }],
      },
    }
  },
  evaluate: async (request) => ({ ...(await toy.evaluate(request)), project: name }),
  async *replay({ from, to }) {
    yield* eventsBetween(from, to)
  },
})
