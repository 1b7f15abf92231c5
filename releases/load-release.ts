import type { ReleaseManifest } from '../contracts/types.js'
import type { LoadedRelease, Project, Scorer } from '../projects/project.js'
import type { ArtifactStore, Registry } from '../registry/index.js'

/** A release that is ready to score: its manifest, and its model loaded from an artifact whose digest was checked. */
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
 * Loads releases by id and keeps the last few: both releases of a canary are needed at every look, and a rollback must
 * not wait for a load.
 * @throws SlipwayError ArtifactMismatch if the bytes do not have the registered digest
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
    // The project is part of the key, although release ids contain its name.
    const key = `${project.name}/${releaseId}`
    const loading = cache.get(key) ?? load(project, releaseId)
    // Moved to the end: the entry used longest ago is dropped first.
    cache.delete(key)
    cache.set(key, loading)
    loading.catch(() => cache.delete(key))
    const oldest = cache.keys().next().value
    if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest)
    return loading
  }
}

export type ReleaseLoader = ReturnType<typeof createReleaseLoader>
