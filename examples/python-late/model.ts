/**
 * The model: trained by train.py, exported as ONNX, scored here by a WebAssembly runtime. The baseline is one number.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commandTrainer, DAY_MS, openOnnx, parameterReader, z } from 'slipway/kit'
import type { Project } from 'slipway/project'
import { type ParcelInput, readParcels } from './parcels.js'
import { actionPolicy, THRESHOLDS } from './policy.js'
import { python } from './python.js'

/** In the order of train.py's FEATURES. All of them are known at dispatch. */
export const FEATURES: Readonly<Record<string, (input: ParcelInput) => number>> = {
  hour: ({ hour }) => hour,
  km: ({ km }) => km,
  south: ({ carrier }) => (carrier === 'south' ? 1 : 0),
  express: ({ carrier }) => (carrier === 'express' ? 1 : 0),
}

const SHARE_VERSION = 'python-late_share_v1'

/** Epoch ms. Later days are held out from training, for the gates. */
export const heldOutFrom = (cutoff: string): number => Date.parse(cutoff) - THRESHOLDS.heldOutDays * DAY_MS

/** An ONNX file does not state it; train.py leaves out the held-out days. */
export const trainedUntil = (_artifact: Uint8Array): number | undefined => undefined

/** What `--parameter` may set; train.py has the values where they are absent, and ignores other names. */
export const readParameters = parameterReader(
  'python-late',
  z.strictObject({ steps: z.int().min(1).max(1_000).optional(), fewestParcels: z.int().min(1).optional() }),
)

export const train = commandTrainer(async () => ({
  command: await python(),
  args: ['train.py'],
  cwd: new URL('.', import.meta.url),
  // One thread sums in the same order on every machine.
  env: { OMP_NUM_THREADS: '1' },
}))

/** The simple rule that a first candidate must beat: the share of late parcels, the same for every parcel. */
export const baseline: Project['baseline'] = async ({ dataFile, snapshot, outFolder }) => {
  const until = heldOutFrom(snapshot.cutoff)
  const parcels = (await readParcels(dataFile)).filter(({ at, knownAt }) => at < until && knownAt < until)
  const share = parcels.reduce((sum, { late }) => sum + late, 0) / Math.max(1, parcels.length)
  const artifactFile = join(outFolder, 'share.json')
  await writeFile(artifactFile, JSON.stringify(share))
  return {
    artifactFile,
    format: 'python-late_share/1',
    kind: 'share of late parcels',
    featureVersion: SHARE_VERSION,
    actionPolicy,
    metrics: { share },
  }
}

export const load: Project<ParcelInput>['load'] = async ({ artifact, featureVersion }) => {
  if (featureVersion === SHARE_VERSION) {
    const probability = Number(Buffer.from(artifact).toString('utf8'))
    return { score: (inputs) => inputs.map(() => ({ probability })) }
  }
  const model = await openOnnx(artifact)
  const features = Object.values(FEATURES)
  return {
    async score(inputs) {
      if (inputs.length === 0) return []
      const values = Float32Array.from(inputs.flatMap((input) => features.map((feature) => feature(input))))
      const { probabilities } = await model.run({ X: { values, shape: [inputs.length, features.length] } })
      // Two columns a row: on time, late.
      return inputs.map((_, row) => ({ probability: probabilities?.[2 * row + 1] ?? Number.NaN }))
    },
  }
}

/** A few inputs of the snapshot. */
export const sample: Project<ParcelInput>['sample'] = async ({ dataFile }) =>
  (await readParcels(dataFile)).slice(-50).map(({ input }) => input)
