/** A folder for one test file: generated shops, snapshots of them, and candidates trained with little effort. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_MS } from '../../../contracts/duration.js'
import { evaluationReport, snapshotManifest } from '../../../contracts/schemas/index.js'
import type { EvaluationReport, SnapshotManifest } from '../../../contracts/types.js'
import type { LoadedRelease, ReplayEvent, TrainRequest } from '../../../projects/project.js'
import { project } from '../../../projects/ranking/index.js'
import type { Impression } from '../../../projects/ranking/listing.js'

export const CUTOFF = Date.parse('2025-03-10T00:00:00Z')
/** Half a shop: enough to be clearly better than popularity, in a second. */
export const PER_DAY = 300
export const LITTLE = { trainDays: 10, epochs: 3 }

export interface Snapshot {
  readonly snapshot: SnapshotManifest
  readonly dataFile: string
}

export type Shop = ReturnType<typeof openShopFolder>

export function openShopFolder() {
  const path = mkdtempSync(join(tmpdir(), 'slipway-ranking-'))
  const folder = () => mkdtempSync(join(path, 'in-'))
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true }),
    /** A file that describes a generated shop. */
    world(described: Record<string, unknown> = {}): string {
      const file = join(folder(), 'world.json')
      writeFileSync(file, JSON.stringify({ schema: 'slipway.ranking_world/1', perDay: PER_DAY, ...described }))
      return file
    },
    async snapshot(source?: string, cutoff = CUTOFF): Promise<Snapshot> {
      const where = source === undefined ? {} : { source }
      const draft = await project.importSnapshot({ ...where, cutoff, outFolder: folder() })
      const fixed = { schema: 'slipway.snapshot/1', project: 'ranking', data: digest('0') }
      return { snapshot: snapshotManifest.parse({ ...fixed, ...draft.manifest }), dataFile: draft.dataFile }
    },
    request: (snapshot: Snapshot, parameters: TrainRequest['parameters'] = {}, seed = 1): TrainRequest => ({
      ...snapshot,
      parameters,
      seed,
      outFolder: folder(),
      checkpointFolder: folder(),
    }),
    async baseline(snapshot: Snapshot): Promise<LoadedRelease> {
      return loaded(await project.baseline(this.request(snapshot)))
    },
    async candidate(snapshot: Snapshot, parameters: TrainRequest['parameters'] = LITTLE): Promise<LoadedRelease> {
      return loaded(await project.train(this.request(snapshot, parameters), () => {}))
    },
  }
}

const digest = (digit: string) => `sha256:${digit.repeat(64)}`

const loaded = ({ artifactFile, featureVersion, actionPolicy }: Awaited<ReturnType<typeof project.train>>) => ({
  digest: digest('1'),
  artifact: readFileSync(artifactFile),
  featureVersion,
  actionPolicy,
})

export async function evaluate(
  snapshot: Snapshot,
  candidate: LoadedRelease,
  production: LoadedRelease,
): Promise<EvaluationReport> {
  const request = { ...snapshot, candidate, production, gates: project.gates, snapshotDigest: digest('2') }
  return evaluationReport.parse(await project.evaluate(request))
}

export const gateOf = (report: EvaluationReport, name: string) => {
  const gate = report.gates.find((one) => one.name === name)
  if (!gate) throw new Error(`no gate ${name} in the report`)
  return gate
}

export const failedGates = (report: EvaluationReport): string[] =>
  report.gates
    .filter(({ passed }) => !passed)
    .map(({ name }) => name)
    .sort()

/** What the days after `from` would have cost, and what a monitor would have seen of them. */
export async function liveDays(release: LoadedRelease, days: number, where: { from?: number; source?: string } = {}) {
  const from = where.from ?? CUTOFF
  const to = from + days * DAY_MS
  const events: ReplayEvent<Impression>[] = []
  for await (const event of project.replay({ from, to, ...(where.source ? { source: where.source } : {}) })) {
    events.push(event)
  }
  const outputs = await (await project.load(release)).score(events.map(({ input }) => input))
  let loss = 0
  const decisions = events.map(({ at, input, label }, index) => {
    const output = outputs[index] ?? {}
    const action = project.decide(output, release.actionPolicy, input)
    loss += project.loss({ action, output, label: label ?? {} }, release.actionPolicy)
    return { at, input, output, action }
  })
  return { loss: loss / decisions.length, seen: project.measure({ arm: 'canary', from, to, decisions }) }
}
