import type { ReleaseManifest } from '../contracts/types.js'
import type { LoadedRelease, Project, Scorer } from '../projects/project.js'
import type { ArtifactStore, Registry } from '../registry/index.js'

/** A release ready to answer: its tuple, and its model loaded from bytes whose digest was checked. */
export interface ServingRelease {
  readonly releaseId: string
  readonly manifest: ReleaseManifest
  readonly loaded: LoadedRelease
  readonly scorer: Scorer
}

interface Needs {
  readonly registry: Pick<Registry, 'releases'>
  readonly artifacts: Pick<ArtifactStore, 'get'>
}

const CACHED = 16

/**
 * Loads releases by id, the last few kept: both tuples of a canary are asked for at every look, and a rollback must need no load.
 * @throws SlipwayError ArtifactMismatch when the bytes are not those that were registered
 */
export function createReleaseLoader({ registry, artifacts }: Needs) {
  const cache = new Map<string, Promise<ServingRelease>>()
  const load = async (project: Project, releaseId: string): Promise<ServingRelease> => {
    const { manifest, digest } = await registry.releases.get(releaseId)
    const artifact = await artifacts.get(manifest.model.artifact)
    const { featureVersion, actionPolicy } = manifest
    const loaded = { digest, featureVersion, actionPolicy, artifact }
    return { releaseId, manifest, loaded, scorer: await project.load(loaded) }
  }
  return (project: Project, releaseId: string): Promise<ServingRelease> => {
    // By project too: ids are made from its name, but nothing here relies on it.
    const key = `${project.name}/${releaseId}`
    const loading = cache.get(key) ?? load(project, releaseId)
    // Put last again: the oldest use goes first.
    cache.delete(key)
    cache.set(key, loading)
    loading.catch(() => cache.delete(key))
    const oldest = cache.keys().next().value
    if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest)
    return loading
  }
}

export type ReleaseLoader = ReturnType<typeof createReleaseLoader>
