/** The project python-late: warns about parcels that will be late, where a warning is worth its cost. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DAY_MS, SlipwayError, utcDay, z } from 'slipway/kit'
import type { Project } from 'slipway/project'
import { evaluate } from './gates.js'
import { baseline, load, readParameters, sample, train } from './model.js'
import { type ParcelInput, parcelInput, parcelsBetween, writeParcels } from './parcels.js'
import { costOf, gates, lossUnit, parameterOf, promotion } from './policy.js'

const LEARN_DAYS = 45

export const project: Project<ParcelInput> = {
  name: 'python-late',
  folder: new URL('.', import.meta.url),
  title: 'Late parcels (python-late)',
  lossUnit,
  policy: promotion,
  gates,
  monitor: { version: 'python-late_monitor_v1', signals: [] },
  defaultCutoff: '2001-03-01T00:00:00Z',
  demo: [
    { name: 'first', cutoff: '2001-03-01T00:00:00Z', parameters: {}, about: 'a first candidate on seeded parcels' },
  ],

  async importSnapshot({ source, cutoff, outFolder }) {
    if (source !== undefined) {
      throw new SlipwayError(
        'BadData',
        `${source} cannot be read: python-late has only generated data; change importSnapshot so that it reads yours`,
      )
    }
    const from = cutoff - LEARN_DAYS * DAY_MS
    const parcels = [...parcelsBetween(from, cutoff)].filter(({ knownAt }) => knownAt < cutoff)
    const dataFile = join(outFolder, 'parcels.json')
    await writeParcels(dataFile, parcels)
    return {
      dataFile,
      manifest: {
        source: { name: 'seeded parcels', files: [{ name: 'generated', sha256: sha256('seed 7'), bytes: 0 }] },
        cutoff: new Date(cutoff).toISOString(),
        days: { first: utcDay(parcels[0]?.at ?? from), last: utcDay(parcels.at(-1)?.at ?? cutoff) },
        rows: parcels.length,
        labelled: parcels.length,
        censored: 0,
        rejected: [],
        columns: Object.keys(parcelInput.shape).map((name) => ({ name, type: name === 'carrier' ? 'text' : 'number' })),
      },
    }
  },

  baseline,
  // An unknown or wrong parameter of a release is refused before anything starts.
  checkParameters: readParameters,
  train,
  load,
  sample,
  inputSchema: parcelInput,
  labelSchema: z.literal([0, 1], { error: 'must be 1 (late) or 0' }),

  decide: ({ probability }, policy) => ((probability ?? 0) >= parameterOf(policy, 'threshold') ? 'warn' : 'none'),
  loss: ({ action, label }, policy) => costOf(action, Number(label), policy),
  expectedLoss: ({ probability }, action, policy) => costOf(action, probability ?? 0, policy),

  // The values of the signals in `monitor`, by name.
  measure: () => ({}),

  evaluate,

  replayInOrder: true,
  async *replay({ from, to }) {
    for (const { id, at, input, late, knownAt } of parcelsBetween(from, to)) {
      yield { id, entityKey: `parcel-${id}`, at, input, label: late, knownAt }
    }
  },
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
