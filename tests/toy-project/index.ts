/** The smallest project that is really trained, judged and replayed, for tests of the workflow. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { GateResult, MonitorSignal } from '../../contracts/types.js'
import type { LoadedRelease, Project, ReplayEvent, TrainRequest, TrainResult } from '../../projects/project.js'
import { type ToyInput, toyDays } from './data.js'
import { toyPolicy } from './policy.js'

interface ToyModel {
  feature: 'x' | 'z' | 'none'
  rates: [number, number]
}

const COSTS = { version: 'toy_v1', parameters: { missCost: 5, falseWarningCost: 1, threshold: 1 / 6 } }
const HELD_OUT_DAYS = 5

const CERTAIN_SHARE: MonitorSignal = {
  name: 'certain_share',
  clock: 'rollback_event',
  threshold: 0.1,
  breachWhen: 'above',
  window: '1d',
  power: 'rollback',
}

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as ReplayEvent<ToyInput>[]
const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8')) as ToyModel
const score = (model: ToyModel, input: ToyInput) =>
  model.rates[model.feature === 'none' ? 0 : input[model.feature] === 1 ? 1 : 0]
const lossOf = (action: string, label: number) =>
  label === 1 ? (action === 'warn' ? 0 : 5) : action === 'warn' ? 1 : 0

/** `certain`: the probability of each warning is 1, which the monitor must find though it costs nothing. */
async function learn(request: TrainRequest, feature: ToyModel['feature'], certain = false): Promise<TrainResult> {
  const rows = await read(request.dataFile)
  const rate = (value: number) => {
    const chosen = rows.filter((row) => feature === 'none' || row.input[feature] === value)
    return chosen.reduce((sum, row) => sum + Number(Number(row.label ?? 0)), 0) / Math.max(1, chosen.length)
  }
  const artifactFile = join(request.outFolder, 'model.json')
  await writeFile(artifactFile, JSON.stringify({ feature, rates: [rate(0), certain ? 1 : rate(1)] } satisfies ToyModel))
  const featureVersion = `toy_${feature}_v1`
  return {
    artifactFile,
    format: 'toy/1',
    kind: feature === 'none' ? 'baseline' : 'rates',
    featureVersion,
    actionPolicy: COSTS,
    metrics: {},
  }
}

function meanCost(release: LoadedRelease, rows: readonly ReplayEvent<ToyInput>[]): number {
  const model = parse(release.artifact)
  return (
    rows.reduce(
      (sum, row) => sum + lossOf(score(model, row.input) >= 1 / 6 ? 'warn' : 'none', Number(row.label ?? 0)),
      0,
    ) / rows.length
  )
}

/**
 * A source with the same data and a twentieth of the traffic, for releases that wait for weeks: each request of their
 * looks costs time.
 */
export const LITTLE_TRAFFIC = 'little-traffic'
const LITTLE_A_DAY = 20

/** A source whose traffic has no events from a day on, or up to another day. */
const DAYS_LEFT_OUT = /^without:(\d{4}-\d\d-\d\d)\/(?:(\d{4}-\d\d-\d\d))?$/

/** Blocks the process, as numeric code does. */
function keepBusy(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

/** Its first attempts never end, and each one after them crashes. */
async function hangThenCrash(
  { checkpointFolder }: TrainRequest,
  hangs: number,
  onProgress: Parameters<Project['train']>[1],
): Promise<void> {
  const file = join(checkpointFolder, 'attempts')
  const attempt = 1 + Number(await readFile(file, 'utf8').catch(() => '0'))
  await writeFile(file, String(attempt))
  if (attempt > hangs) throw new Error('the toy trainer was told to crash after hanging')
  onProgress({ epoch: attempt, epochs: hangs, loss: 1, rowsPerSecond: 1 })
  for (;;) await sleep(1_000)
}

export const project: Project<ToyInput> = {
  name: 'toy',
  folder: new URL('.', import.meta.url),
  title: 'Toy parcels',
  lossUnit: 'points per parcel',
  labelsIndependentOfAction: true,
  policy: toyPolicy,
  gates: {
    version: 'toy_gates_v1',
    required: ['schema_valid', 'no_leakage', 'critical_slice_pass', 'cost_improves'],
    thresholds: {},
  },
  monitor: { version: 'toy_monitor_v1', signals: [CERTAIN_SHARE] },
  defaultCutoff: '2001-01-20T00:00:00Z',
  demo: [],

  async importSnapshot({ source, cutoff, outFolder }) {
    const slow = /^slow:(\d+)$/.exec(source ?? '')
    if (slow) await sleep(Number(slow[1]))
    else if (source !== undefined && source !== LITTLE_TRAFFIC && !DAYS_LEFT_OUT.test(source))
      throw new SlipwayError('BadData', `source ${source}: the toy project has only its own data`)
    const rows = [...toyDays(cutoff - 20 * DAY_MS, cutoff)].filter((row) => (row.knownAt ?? 0) < cutoff)
    const dataFile = join(outFolder, 'rows.json')
    await writeFile(dataFile, JSON.stringify(rows))
    return {
      dataFile,
      manifest: {
        source: { name: 'toy', files: [{ name: 'generated', sha256: `sha256:${'0'.repeat(64)}`, bytes: 0 }] },
        cutoff: new Date(cutoff).toISOString(),
        days: { first: utcDay(cutoff - 20 * DAY_MS), last: utcDay(cutoff - DAY_MS) },
        rows: rows.length,
        labelled: rows.length,
        censored: 0,
        rejected: [],
        columns: [{ name: 'x', type: 'int' }],
      },
    }
  },

  baseline: (request) => learn(request, 'none'),

  async train(request, onProgress) {
    const { parameters } = request
    if (parameters.crash === 'NUL') throw new Error('the toy trainer was told to crash with a NUL \0 in its words')
    if (parameters.crash === true) throw new Error('the toy trainer was told to crash')
    if (parameters.hangs !== undefined) await hangThenCrash(request, Number(parameters.hangs), onProgress)
    for (let epoch = 1; epoch <= Number(parameters.epochs ?? 1); epoch += 1) {
      onProgress({ epoch, epochs: Number(parameters.epochs ?? 1), loss: 1 / epoch, rowsPerSecond: 1 })
      if (parameters.epochMs !== undefined) await sleep(Number(parameters.epochMs))
      keepBusy(Number(parameters.busyMs ?? 0))
    }
    return learn(
      request,
      parameters.useless === true ? 'none' : parameters.feed === true ? 'z' : 'x',
      parameters.certain === true,
    )
  },

  async load({ artifact }) {
    const model = parse(artifact)
    return { score: (inputs) => inputs.map((input) => ({ probability: score(model, input) })) }
  },

  decide: (output, policy) => ((output.probability ?? 0) >= Number(policy.parameters.threshold) ? 'warn' : 'none'),
  loss: ({ action, label }) => lossOf(action, Number(label)),
  expectedLoss: ({ probability = 0 }, action) =>
    probability * lossOf(action, 1) + (1 - probability) * lossOf(action, 0),
  sample: async ({ dataFile }) => (await read(dataFile)).slice(0, 20).map((row) => row.input),

  inputSchema: z.strictObject({ x: z.int().min(0).max(1), z: z.int().min(0).max(1) }),
  measure: ({ decisions }) =>
    decisions.length === 0
      ? {}
      : { certain_share: decisions.filter(({ output }) => output.probability === 1).length / decisions.length },

  async evaluate({ snapshot, snapshotDigest, dataFile, candidate, production }) {
    const to = Date.parse(snapshot.cutoff)
    const from = to - HELD_OUT_DAYS * DAY_MS
    const rows = (await read(dataFile)).filter((row) => row.at >= from)
    const costs = { candidate: meanCost(candidate, rows), production: meanCost(production, rows) }
    const passed = (name: string): GateResult => ({
      name,
      passed: true,
      value: null,
      threshold: null,
      detail: 'not at stake here',
    })
    return {
      schema: 'slipway.evaluation/1',
      project: 'toy',
      candidate: candidate.digest,
      production: production.digest,
      snapshot: snapshotDigest,
      heldOut: { from: new Date(from).toISOString(), to: new Date(to).toISOString(), rows: rows.length },
      gates: [
        ...['schema_valid', 'no_leakage', 'critical_slice_pass'].map(passed),
        {
          name: 'cost_improves',
          passed: costs.candidate < costs.production,
          value: costs.candidate,
          threshold: costs.production,
          detail: `cost ${costs.candidate.toFixed(3)} against ${costs.production.toFixed(3)}`,
        },
      ],
      metrics: { candidate: { cost: costs.candidate }, production: { cost: costs.production } },
      slices: [],
    }
  },

  replayInOrder: true,
  async *replay({ source, from, to }) {
    const [, first, last] = DAYS_LEFT_OUT.exec(source ?? '') ?? []
    for (const event of toyDays(from, to, source === LITTLE_TRAFFIC ? LITTLE_A_DAY : undefined)) {
      const day = utcDay(event.at)
      if (first === undefined || day < first || (last !== undefined && day > last)) yield event
    }
  },
}
