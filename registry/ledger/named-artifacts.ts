import type { ReleaseManifest, SnapshotManifest } from '../../contracts/types.js'
import type { LedgerEntry } from './ledger-area.js'

export interface NamedArtifact {
  readonly digest: string
  /** In words: `model of eta_v3`. */
  readonly what: string
}

const named = (digest: unknown, what: string): NamedArtifact[] =>
  typeof digest === 'string' && digest.startsWith('sha256:') ? [{ digest, what }] : []

/** Every file in the artifact store that an entry rests on: models, snapshots' rows, and what trainers printed. */
export function artifactsOf({ kind, subject, body }: Pick<LedgerEntry, 'kind' | 'subject' | 'body'>): NamedArtifact[] {
  switch (kind) {
    case 'release':
      return named((body.manifest as ReleaseManifest).model.artifact, `model of ${subject}`)
    case 'snapshot':
      return named((body.manifest as SnapshotManifest).data, `rows of the snapshot of ${subject}`)
    case 'training_run': {
      const output = body.output as { artifact?: unknown } | null | undefined
      return [
        ...named(body.artifact, `model trained by ${subject}`),
        ...named(output?.artifact, `what the trainer of ${subject} printed`),
      ]
    }
    default:
      return []
  }
}
