import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '../contracts/canonical.js'
import { baselineKey, snapshotKey } from '../contracts/ledger/index.js'
import { requireFittingName } from '../contracts/limits.js'
import { snapshotManifest } from '../contracts/schemas/index.js'
import type { Project } from '../projects/project.js'
import type { ArtifactStore, Registry } from '../registry/index.js'
import { manifestOf, SEED } from './release-tuple.js'
import { isStored, requireKnownSource } from './sources/known-source.js'
import { createSources } from './sources/open-sources.js'

interface InitNeeds {
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  /** Folder for temporary files of the snapshot. */
  readonly workFolder: string
}

/** What the first release learns from, if it is not the project's own data. */
export interface InitData {
  /** A file or folder, or a stored snapshot. */
  readonly source?: string
  /** Epoch milliseconds; the project's default cutoff when absent. */
  readonly cutoff?: number
}

/**
 * Registers the project's baseline as its first production release, which the first candidate must beat. Does nothing
 * if the project has a production.
 * @returns the release that production points at
 * @throws SlipwayError BadData when the data cannot be used, BadRequest when a stored snapshot is not known
 */
export async function initProject(
  { registry, artifacts, workFolder }: InitNeeds,
  project: Project,
  actor: string,
  { source, cutoff = Date.parse(project.defaultCutoff) }: InitData = {},
): Promise<{ releaseId: string; created: boolean }> {
  requireFittingName('--by', actor)
  const { production } = await registry.aliases.current(project.name)
  if (production !== null) return { releaseId: production, created: false }
  if (source !== undefined && isStored(source)) await requireKnownSource({ registry, artifacts }, project.name, source)
  const outFolder = await mkdtemp(join(workFolder, 'init-'))
  const subject = `init/${project.name}`
  try {
    const own = source === undefined ? {} : { source: await createSources({ artifacts, workFolder }).pathOf(source) }
    const draft = await project.importSnapshot({ cutoff, outFolder, ...own })
    const data = await artifacts.putFile(draft.dataFile)
    const snapshot = snapshotManifest.parse({
      schema: 'slipway.snapshot/1',
      project: project.name,
      ...draft.manifest,
      data,
    })
    const digest = digestOf(snapshot)
    const key = snapshotKey(subject)
    await registry.ledger.append({
      project: project.name,
      kind: 'snapshot',
      subject,
      key,
      body: { digest, manifest: snapshot },
    })
    const trained = await project.baseline({
      snapshot,
      dataFile: draft.dataFile,
      outFolder,
      checkpointFolder: outFolder,
      seed: SEED,
      parameters: {},
    })
    const artifact = await artifacts.putFile(trained.artifactFile)
    const manifest = manifestOf(project, digest, trained, artifact, project)
    const { releaseId } = await registry.releases.register({ project: project.name, manifest, workflowId: subject })
    await registry.aliases.move({
      project: project.name,
      alias: 'production',
      expected: null,
      to: releaseId,
      actor,
      reason: 'baseline: the first release, not judged against anything',
      workflowId: null,
      evidence: null,
      key: baselineKey(subject),
    })
    return { releaseId, created: true }
  } finally {
    await rm(outFolder, { recursive: true, force: true })
  }
}
