/** Binary files: Parquet, pictures and models. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { checkArtifact } from '../../../activities/training/check-artifact.js'
import type { ActionPolicy, SnapshotManifest } from '../../../contracts/types.js'
import { FEATURE_VERSIONS as ETA_VERSIONS } from '../../../projects/eta/features/definitions.js'
import { GROUP_NAMES } from '../../../projects/eta/features/rates.js'
import { project as eta } from '../../../projects/eta/index.js'
import { actionPolicy as warning } from '../../../projects/eta/model/decide.js'
import { FEATURE_VERSIONS as FORECAST_VERSIONS } from '../../../projects/forecast/features/definitions.js'
import { project as forecast } from '../../../projects/forecast/index.js'
import { actionPolicy as replenishing } from '../../../projects/forecast/model/decide.js'
import { openOnnx } from '../../../projects/kit/onnx.js'
import type { LoadedRelease, Project, TrainResult } from '../../../projects/project.js'
import { FEATURE_VERSIONS as RANKING_VERSIONS } from '../../../projects/ranking/features/definitions.js'
import { project as ranking } from '../../../projects/ranking/index.js'
import { actionPolicy as slates } from '../../../projects/ranking/policy.js'
import { project as vision } from '../../../projects/vision/index.js'
import { reviewAll } from '../../../projects/vision/model/decide.js'
import { packFloats } from '../../../projects/vision/model/network-shape.js'
import { decode, isReadable } from '../../../projects/vision/photos/decode-photo.js'
import { GEMM, SUM_OF_ONES, TREE } from '../../support/onnx-files.js'
import { parquetFile } from '../../support/parquet-file.js'
import { changedBytes, changedJson, oddText } from '../mutate.js'
import { type Answer, surface } from '../surface.js'
import { importFiles } from './tables.js'

const group = (day: number) => [
  {
    name: 'date',
    type: 'instant' as const,
    values: Array.from({ length: 6 }, (_, hour) => BigInt(Date.UTC(2013, 0, day, hour)) * 1_000n),
  },
  ...['delay', 'distance'].map((name) => ({ name, type: 'number' as const, values: [1, 2, 3, 4, 5, 700] })),
  ...['origin', 'destination'].map((name) => ({
    name,
    type: 'text' as const,
    values: ['JFK', 'LAX', 'BOS', 'ORD', 'LGA', 'MIA'],
  })),
]
const parquet = [parquetFile([group(1), group(2)]), parquetFile([group(1)], false)]

export const parquetFiles = surface({
  name: 'Parquet',
  share: 10,
  cases: fc.record({ bytes: changedBytes(parquet), checks: fc.boolean() }),
  run: ({ bytes, checks }) =>
    importFiles(eta, { 'f.parquet': bytes }, { name: 'f.parquet', checks, cutoff: Date.parse('2013-02-01T00:00:00Z') }),
})

const drawn = sharp({ create: { width: 40, height: 30, channels: 3, background: '#a86' } })
const drawings = await Promise.all([
  drawn.clone().jpeg().toBuffer(),
  drawn
    .clone()
    .jpeg({ progressive: true })
    .withExif({ IFD0: { Copyright: 'x' } })
    .toBuffer(),
  drawn.clone().png().toBuffer(),
  drawn.clone().png({ palette: true }).toBuffer(),
  drawn.clone().toColourspace('b-w').png({ progressive: true }).toBuffer(),
  drawn.clone().webp().toBuffer(),
  drawn.clone().webp({ lossless: true }).toBuffer(),
  drawn.clone().gif().toBuffer(),
  drawn.clone().tiff().toBuffer(),
])
const pictures = [
  ...drawings,
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>'),
]

export const images = surface({
  name: 'pictures',
  share: 4,
  cases: changedBytes(pictures),
  async run(bytes): Promise<Answer> {
    const found = await decode(bytes)
    if (!isReadable(found)) return 'refused'
    if (found.pixels.length !== 224 * 224 * 3) throw new Error(`${found.pixels.length} numbers instead of a picture`)
    return 'taken'
  },
})

const layer = (inputs: number, units: number) => ({
  weights: Array.from({ length: inputs * units }, (_, index) => Math.sin(index)),
  bias: Array.from({ length: units }, () => 0.1),
})
const network = (width: number, outputs: number) => ({
  mean: Array.from({ length: width }, () => 0),
  deviation: Array.from({ length: width }, () => 1),
  layers: [layer(width, 2), layer(2, outputs)],
})
const calibration = { slope: 1, intercept: 0 }
const trained = { from: 0, until: 1, rows: 1 }
const field = { length: 3, counts: { lamp: 2, brass: 3 } }
const floats = (count: number) => packFloats(new Float32Array(count).fill(0.1))

interface Model {
  readonly project: Project
  readonly model: { readonly featureVersion: string }
  readonly input: unknown
  readonly rule: ActionPolicy
}

const candidate = {
  id: 'L1',
  title: 'brass lamp',
  brand: 'Brassworks',
  category: 'Lamps',
  colour: '',
  text: 'a lamp',
  price: 10,
  rating: null,
  ratings: 0,
  sold: null,
  blocked: false,
  inStock: true,
}
const MODELS: readonly Model[] = [
  {
    project: eta as Project,
    model: {
      schema: 'eta_model/1',
      featureVersion: 'eta_features_v2',
      trained,
      rates: { overall: 0.2, groups: Object.fromEntries(GROUP_NAMES.map((name) => [name, { JFK: 0.3 }])) },
      feed: { JFK: 0.2 },
      network: network(ETA_VERSIONS.eta_features_v2.length, 1),
      calibration,
    } as Model['model'],
    input: { scheduled: 1_000_000_000_000, carrier: 'UA', origin: 'JFK', destination: 'LAX', distance: 700 },
    rule: warning(0.2),
  },
  {
    project: forecast as Project,
    model: {
      schema: 'forecast_model/1',
      featureVersion: 'demand_lags_v2',
      horizon: { from: 7, to: 7 },
      trained,
      feed: 1,
      network: network(FORECAST_VERSIONS.demand_lags_v2.length, 4),
      offsets: [0, 0, 0, 0],
    } as Model['model'],
    input: {
      series: 'A',
      day: '2024-03-04',
      ahead: 7,
      promoted: false,
      recent: [1, 2, null, 4],
      promotedDaysAgo: [0],
      lastYear: [],
    },
    rule: replenishing(1.5),
  },
  {
    project: ranking as Project,
    model: {
      schema: 'ranking_model/1',
      featureVersion: 'ranking_features_v2',
      trained: { from: 0, until: 1, lists: 1 },
      examination: 0.5,
      vocabulary: { listings: 10, title: field, text: field },
      feed: {},
      networks: [[layer(RANKING_VERSIONS.ranking_features_v2.length, 2), layer(2, 1)]],
    } as Model['model'],
    input: { query: 'brass lamp', candidates: [candidate, { ...candidate, id: 'L2' }] },
    rule: slates('strict'),
  },
  {
    project: vision as Project,
    model: {
      schema: 'vision_model/1',
      featureVersion: 'parcel_rgb_224_v1',
      trained: { shipments: ['a'], rows: 1 },
      rate: 0.2,
      network: {
        edge: 16,
        stages: [{ filters: 4, kernel: 3, stride: 2, pool: 2, weights: floats(108), bias: floats(4) }],
        head: { weights: floats(8), bias: floats(1) },
      },
      calibration,
    } as Model['model'],
    input: { photo: (pictures[0] as Buffer).toString('base64'), shipment: 'S1', source: 'dock' },
    rule: reviewAll(),
  },
]

const ofProject = (kind: 'model' | 'input') =>
  fc.constantFrom(...MODELS.keys()).chain((index) => {
    const one = MODELS[index] as Model
    const changed = changedJson([one[kind]])
    return fc.record({ index: fc.constant(index), changed, version: fc.oneof(fc.constant(null), oddText) })
  })

const bytesOf = (model: unknown) => Buffer.from(`${String(JSON.stringify(model))}\n`)

export const models = surface({
  name: 'model files',
  share: 5,
  cases: ofProject('model'),
  async run({ index, changed, version }): Promise<Answer> {
    const { project, model, input } = MODELS[index] as Model
    const scorer = await project.load({
      featureVersion: version ?? model.featureVersion,
      artifact: bytesOf(changed),
    })
    const [output] = await scorer.score([input])
    if (output === undefined) throw new Error('no output')
    return 'taken'
  },
})

/** A project whose model is an ONNX file. Nothing is known of the bytes when a trainer has written them. */
const onnxProject = {
  sample: async () => [[1, 2, 3]],
  async load({ artifact }: LoadedRelease) {
    const model = await openOnnx(artifact)
    return {
      async score(inputs: unknown[]) {
        const values = new Float32Array(inputs.flat() as number[])
        const { y } = await model.run({ x: { values, shape: [inputs.length, 3] } })
        return [{ y: y?.[0] ?? Number.NaN }]
      },
    }
  },
  decide: () => 'act',
} as Partial<Project> as Project
const folder = mkdtempSync(join(tmpdir(), 'slipway-fuzz-models-'))
export const remove = (): void => rmSync(folder, { recursive: true, force: true })

export const onnxModels = surface({
  name: 'ONNX models',
  share: 3,
  cases: changedBytes([GEMM, TREE, SUM_OF_ONES]),
  async run(bytes): Promise<Answer> {
    const artifactFile = join(folder, 'model.onnx')
    writeFileSync(artifactFile, bytes)
    const result = { artifactFile, featureVersion: 'v1' } as TrainResult
    await checkArtifact(onnxProject, { result, snapshot: {} as SnapshotManifest, dataFile: '' })
    return 'taken'
  },
})

/** Whatever a schema accepts can be scored, decided and charged for. */
export const inputs = surface({
  name: 'inputs and labels',
  share: 8,
  cases: fc.record({ live: ofProject('input'), label: changedJson([0, 1, 12, { L1: 1, L2: 0.1 }]) }),
  async run({ live: { index, changed }, label }): Promise<Answer> {
    const { project, model } = MODELS[index] as Model
    const parsed = project.inputSchema?.safeParse(JSON.parse(String(JSON.stringify(changed) ?? 'null')))
    if (!parsed?.success) return 'refused'
    const scorer = await project.load({ featureVersion: model.featureVersion, artifact: bytesOf(model) })
    const [output] = await scorer.score([parsed.data])
    const odd = Object.entries(output ?? { none: Number.NaN }).find(([, value]) => !Number.isFinite(value))
    if (odd) throw new Error(`${project.name}: output ${odd[0]} is ${odd[1]}`)
    const actionPolicy = (MODELS[index] as Model).rule
    const action = project.decide(output ?? {}, actionPolicy, parsed.data)
    const known = project.labelSchema?.safeParse(JSON.parse(String(JSON.stringify(label) ?? 'null')))
    if (!known?.success) return 'taken'
    const loss = project.loss({ action, output: output ?? {}, label: known.data }, actionPolicy)
    if (!Number.isFinite(loss)) throw new Error(`${project.name}: the loss of ${action} is ${loss}`)
    return 'taken'
  },
})
