/** The model: a logistic regression. Training can be killed and resumed, and ends in the same bytes. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, DAY_MS, fitNetwork, loadTensorflow, parameterReader, SlipwayError, z } from 'slipway/kit'
import type { Project, TrainRequest, TrainResult } from 'slipway/project'
import { type Parcel, type ParcelInput, readParcels } from './parcels.js'
import { actionPolicy, THRESHOLDS } from './policy.js'

const FORMAT = 'template-name_model/1'
const FEATURE_VERSION = 'template-name_features_v1'
/** All of them are known at dispatch. */
export const FEATURES: Readonly<Record<string, (input: ParcelInput) => number>> = {
  evening: ({ hour }) => (hour >= 17 ? 1 : 0),
  'hundreds of km': ({ km }) => km / 100,
  south: ({ carrier }) => (carrier === 'south' ? 1 : 0),
  express: ({ carrier }) => (carrier === 'express' ? 1 : 0),
}

const NAMES = Object.keys(FEATURES)

const model = z.strictObject({
  schema: z.literal(FORMAT),
  /** Trained on parcels before this instant, epoch ms. */
  until: z.number(),
  weights: z.array(z.number()).length(NAMES.length),
  bias: z.number(),
})

type Model = z.infer<typeof model>

const featuresOf = (input: ParcelInput): number[] => Object.values(FEATURES).map((feature) => feature(input))

function probabilityOf({ weights, bias }: Model, input: ParcelInput): number {
  const logOdds = featuresOf(input).reduce((sum, value, index) => sum + value * (weights[index] ?? 0), bias)
  return 1 / (1 + Math.exp(-logOdds))
}

/** @throws SlipwayError ArtifactMismatch when the bytes are not a model of this project */
function decode(artifact: Uint8Array): Model {
  try {
    return model.parse(JSON.parse(Buffer.from(artifact).toString('utf8')))
  } catch (error) {
    throw new SlipwayError(
      'ArtifactMismatch',
      `the artifact is not a ${FORMAT}: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/** Epoch ms. Later days are held out from training, for the gates. */
export const heldOutFrom = (cutoff: string): number => Date.parse(cutoff) - THRESHOLDS.heldOutDays * DAY_MS

/** Epoch ms. The leakage gate compares it with the held-out days. */
export const trainedUntil = (artifact: Uint8Array): number | undefined => decode(artifact).until

/** Parcels before the held-out days whose labels were known by then. */
async function learnFrom({ dataFile, snapshot }: TrainRequest): Promise<{ parcels: Parcel[]; until: number }> {
  const until = heldOutFrom(snapshot.cutoff)
  const parcels = (await readParcels(dataFile)).filter(({ at, knownAt }) => at < until && knownAt < until)
  if (parcels.length > 0) return { parcels, until }
  throw new SlipwayError('BadData', `no parcel is known before ${new Date(until).toISOString()}; give a later --cutoff`)
}

/** The simple rule that a first candidate must beat: the share of late parcels, the same for every parcel. */
export const baseline: Project['baseline'] = async (request) => {
  const { parcels, until } = await learnFrom(request)
  const late = parcels.reduce((sum, parcel) => sum + parcel.late, 0)
  const bias = Math.log((late + 1) / (parcels.length - late + 1))
  return finish(request, { schema: FORMAT, until, weights: NAMES.map(() => 0), bias }, 'share of late parcels')
}

/** What `--parameter` may set. */
export const readParameters = parameterReader(
  'template-name',
  z.strictObject({ epochs: z.int().min(1).max(100_000).default(8) }),
)

export const train: Project['train'] = async (request, onProgress) => {
  const { epochs } = readParameters(request.parameters)
  const { parcels, until } = await learnFrom(request)
  const tf = await loadTensorflow()
  const { seed } = request
  const kernelInitializer = tf.layers.initializers.glorotUniform({ seed })
  const network = tf.layers.sequential({
    layers: [
      tf.layers.layers.dense({ inputShape: [NAMES.length], units: 1, activation: 'sigmoid', kernelInitializer }),
    ],
  })
  network.compile({ optimizer: tf.core.train.adam(0.02), loss: 'binaryCrossentropy' })
  await fitNetwork({
    tf,
    model: network,
    rows: parcels.length,
    batch(rows) {
      const chosen = Array.from(rows, (row) => parcels[row] as Parcel)
      const xs = chosen.map(({ input }) => featuresOf(input))
      const ys = chosen.map(({ late }) => [late])
      return { xs: tf.core.tensor2d(xs), ys: tf.core.tensor2d(ys) }
    },
    epochs,
    batchSize: 512,
    seed,
    checkpointFolder: request.checkpointFolder,
    onProgress,
  })
  const [weights, bias] = await Promise.all(network.getWeights().map(async (tensor) => Array.from(await tensor.data())))
  const learned = { schema: FORMAT, until, weights: weights ?? [], bias: bias?.[0] ?? Number.NaN } as const
  return finish(request, learned, 'logistic regression')
}

async function finish({ outFolder }: TrainRequest, learned: Model, kind: string): Promise<TrainResult> {
  const artifactFile = join(outFolder, 'model.json')
  await writeFile(artifactFile, canonicalJson(model.parse(learned)))
  const metrics = Object.fromEntries(NAMES.map((name, index) => [name, learned.weights[index] ?? 0]))
  return { artifactFile, format: FORMAT, kind, featureVersion: FEATURE_VERSION, actionPolicy, metrics }
}

/** A few inputs of the snapshot. */
export const sample: Project<ParcelInput>['sample'] = async ({ dataFile }) =>
  (await readParcels(dataFile)).slice(-50).map(({ input }) => input)

export const load: Project<ParcelInput>['load'] = async ({ artifact }) => {
  const loaded = decode(artifact)
  return { score: (inputs) => inputs.map((input) => ({ probability: probabilityOf(loaded, input) })) }
}
