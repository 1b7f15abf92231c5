import { digestOf } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { ReleaseManifest, SnapshotManifest } from '../../contracts/types.js'
import type { ArtifactStore } from '../artifacts/store.js'
import type { Problem } from '../types.js'
import { type EntryRow, toEntry } from './entry.js'

type Place = Pick<Problem, 'project' | 'seq'>

/** Recomputes the digests of releases and snapshots and gathers the artifacts they name, with the first place that does. */
export function createManifestCheck() {
  const artifacts = new Map<string, Place>()
  const snapshots = new Set<string>()
  const wanted = new Map<string, Place>()
  const note = (digests: Map<string, Place>, digest: string, place: Place) => {
    if (!digests.has(digest)) digests.set(digest, place)
  }

  return {
    artifacts: artifacts as ReadonlyMap<string, Place>,

    step(row: EntryRow): Problem[] {
      if (row.kind !== 'release' && row.kind !== 'snapshot') return []
      const place = { project: row.project, seq: Number(row.seq) }
      try {
        const { digest, manifest } = toEntry(row).body as {
          digest: string
          manifest: ReleaseManifest | SnapshotManifest
        }
        if (manifest.schema === 'slipway.release/1') {
          note(artifacts, manifest.model.artifact, place)
          note(wanted, manifest.snapshot, place)
        } else {
          note(artifacts, manifest.data, place)
          snapshots.add(digest)
        }
        const found = digestOf(manifest)
        return found === digest ? [] : [{ ...place, what: `the manifest of ${row.kind} ${digest} has digest ${found}` }]
      } catch {
        return [{ ...place, what: `the ${row.kind} cannot be read` }]
      }
    },

    end: (): Problem[] =>
      [...wanted]
        .filter(([digest]) => !snapshots.has(digest))
        .map(([digest, place]) => ({
          ...place,
          what: `the release rests on snapshot ${digest}, which is not recorded`,
        })),
  }
}

export async function verifyArtifacts(store: ArtifactStore, artifacts: ReadonlyMap<string, Place>): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const [digest, place] of artifacts) {
    try {
      await store.verify(digest)
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error
      problems.push({ ...place, what: error.message })
    }
  }
  return problems
}
