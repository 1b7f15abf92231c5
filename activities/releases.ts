import type { ReleaseManifest } from '../contracts/types.js'
import type { LoadedRelease, Project, Scorer } from '../projects/project.js'
import type { Dependencies } from './dependencies.js'

/** A release ready to answer: its tuple, and its model loaded from bytes whose digest was checked. */
export interface ServingRelease {
  readonly releaseId: string
  readonly manifest: ReleaseManifest
  readonly loaded: LoadedRelease
  readonly scorer: Scorer
}

const CACHED = 8

/** Loads releases by id, the last few kept: both tuples of a canary are asked for at every look. */
export function createReleaseLoader({ registry, artifacts }: Pick<Dependencies, 'registry' | 'artifacts'>) {
  const cache = new Map<string, ServingRelease>()
  return async (project: Project, releaseId: string): Promise<ServingRelease> => {
    const known = cache.get(releaseId)
    if (known) return known
    const { manifest, digest } = await registry.getRelease(releaseId)
    const artifact = await artifacts.get(manifest.model.artifact)
    const { featureVersion, actionPolicy } = manifest
    const loaded = { digest, featureVersion, actionPolicy, artifact }
    const release = { releaseId, manifest, loaded, scorer: await project.load(loaded) }
    cache.set(releaseId, release)
    const oldest = cache.keys().next().value
    if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest)
    return release
  }
}

export type ReleaseLoader = ReturnType<typeof createReleaseLoader>
