import { digestOf } from '../../contracts/canonical.js'
import { type EntryRow, toEntry } from './entry-hash.js'
import type { Problem } from './ledger-area.js'
import { artifactsOf } from './named-artifacts.js'

export type Place = Pick<Problem, 'project' | 'seq'>

/**
 * Recomputes the digests of releases and snapshots, and collects the artifacts that entries name, each with its first
 * entry.
 */
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
      if (row.kind !== 'release' && row.kind !== 'snapshot' && row.kind !== 'training_run' && row.kind !== 'source')
        return []
      const place = { project: row.project, seq: Number(row.seq) }
      try {
        const entry = toEntry(row)
        for (const artifact of artifactsOf(entry)) note(artifacts, artifact.digest, place)
        if (entry.kind !== 'release' && entry.kind !== 'snapshot') return []
        const { digest, manifest } = entry.body
        if (manifest.schema === 'slipway.release/1') note(wanted, manifest.snapshot, place)
        else snapshots.add(digest)
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
          what: `the release uses snapshot ${digest}, which is not recorded`,
        })),
  }
}
