/**
 * The project of the open run: real releases, one in production and one in an open canary, and whatever serves them.
 */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '../../contracts/canonical.js'
import { snapshotKey, triggerKey } from '../../contracts/ledger/index.js'
import { snapshotManifest } from '../../contracts/schemas/index.js'
import type { ConditionsPolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import type { ArtifactStore, Registry } from '../../registry/index.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { manifestOf } from '../../releases/release-tuple.js'
import { project as noop } from '../cost/noop-project/index.js'
import { OPEN } from './build-days.js'

const every = { every: '1d', coolDown: '3d' } as const
const triggers: ConditionsPolicy = {
  perDay: 2,
  conditions: [
    // None of them holds: a check that starts nothing is the usual one.
    { ...every, name: 'freshness', condition: 'freshness', olderThan: '36500d' },
    { ...every, name: 'quality', condition: 'quality', days: 5, minLabelled: 100, bound: { above: 1 } },
  ],
}

export const project: Project = { ...noop, name: 'p0', triggers }

export interface Installation {
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly folder: string
  /** Both were production; the first is. */
  readonly releases: readonly [string, string]
}

/** Two real releases that were production, and the open run with a third in its canary. */
export async function install(registry: Registry, artifacts: ArtifactStore, home: string): Promise<Installation> {
  const folder = await mkdtemp(join(home, 'installation-'))
  const draft = await project.importSnapshot({ cutoff: Date.parse(project.defaultCutoff), outFolder: folder })
  const data = await artifacts.putFile(draft.dataFile)
  const manifest = snapshotManifest.parse({ schema: 'slipway.snapshot/1', project: 'p0', ...draft.manifest, data })
  const digest = digestOf(manifest)
  const append = registry.ledger.append
  await append({
    project: 'p0',
    kind: 'snapshot',
    subject: 'init/p0',
    key: snapshotKey('init/p0'),
    body: { digest, manifest },
  })
  const register = async (number: number, workflowId: string) => {
    const artifactFile = join(folder, `model-${number}.json`)
    await writeFile(artifactFile, JSON.stringify({ number }))
    const trained = await project.baseline({
      snapshot: manifest,
      dataFile: draft.dataFile,
      outFolder: folder,
      checkpointFolder: folder,
      seed: number,
      parameters: { number },
    })
    const artifact = await artifacts.putFile(trained.artifactFile)
    const release = manifestOf(project, digest, trained, artifact, project)
    return (await registry.releases.register({ project: 'p0', manifest: release, workflowId })).releaseId
  }
  const first = await register(1, 'init/p0')
  const second = await register(2, 'init/p0')
  for (const to of [second, first]) await moveProduction(registry, to)
  const input = releaseInputOf({
    project,
    id: 'open',
    kind: 'cli',
    by: 'bench',
    at: new Date().toISOString(),
    cutoff: project.defaultCutoff,
    parameters: {},
    evidence: 'live',
  })
  await append({ project: 'p0', kind: 'trigger', subject: OPEN, key: triggerKey(OPEN), body: { ...input } })
  const candidate = await register(3, OPEN)
  const lane = { project: 'p0', workflowId: OPEN, candidate, production: first, evaluation: digest }
  const { outcome } = await registry.lane.take(lane)
  if (outcome !== 'open') throw new Error(`the lane of the open run is ${outcome}`)
  return { registry, artifacts, folder, releases: [first, second] }
}

let moves = 0

export async function moveProduction(registry: Registry, to: string): Promise<void> {
  const { production } = await registry.aliases.current('p0')
  if (production === to) return
  const key = `bench:${moves++}:${to}`
  const move = { project: 'p0', alias: 'production', expected: production, to, key } as const
  await registry.aliases.move({ ...move, actor: 'bench', reason: 'bench', workflowId: null, evidence: null })
}
