import { heldIn, kindsHolding, type LedgerEntry } from '../../contracts/ledger/index.js'

export interface NamedArtifact {
  readonly digest: string
  /** In words: `model of eta_v3`. */
  readonly what: string
}

/** By kind and field, whatever the subject is. */
const WORDS: Readonly<Record<string, (subject: string) => string>> = {
  'release manifest.model.artifact': (subject) => `model of ${subject}`,
  'snapshot manifest.data': (subject) => `rows of the snapshot of ${subject}`,
  'training_run artifact': (subject) => `model trained by ${subject}`,
  'source artifact': () => 'files of an added snapshot',
  'trigger trigger.source': (subject) => `files that ${subject} reads`,
  'training_run output.artifact': (subject) => `what the trainer of ${subject} printed`,
}

const KINDS = new Set(kindsHolding('artifact'))

/**
 * Every file in the artifact store that an entry rests on: models, snapshots' rows, users' data, and what trainers
 * printed.
 */
export function artifactsOf(entry: Pick<LedgerEntry, 'kind' | 'subject' | 'body'>): NamedArtifact[] {
  // Most entries name none, and some of those are large.
  if (!KINDS.has(entry.kind)) return []
  return heldIn(entry, 'artifact')
    .filter(({ declared, text }) => declared && text.startsWith('sha256:'))
    .map(({ path, text }) => ({
      digest: text,
      what: WORDS[`${entry.kind} ${path}`]?.(entry.subject) ?? `${path} of ${entry.subject}`,
    }))
}
