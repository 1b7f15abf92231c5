/** A ledger entry, typed by its kind: `entry.kind === 'verdict'` narrows `entry.body`. */
import type { EntryKind } from './kinds.js'
import type { EntryBody } from './schemas.js'

interface NewFields {
  readonly project: string
  /** The workflow id; a release's id for `release`, the alias for `alias_move`. */
  readonly subject: string
  /** The caller's idempotency key, unique in the project. */
  readonly key: string
}

interface RecordedFields extends NewFields {
  readonly seq: number
  readonly at: string
  /** Hash of the entry before; null for the first of a project. */
  readonly prev: string | null
  readonly hash: string
}

interface Content<Kind extends EntryKind> {
  readonly kind: Kind
  readonly body: EntryBody<Kind>
}

/** Distributes over the kinds, so that each keeps its own body. */
type OfKind<Kind extends EntryKind, Fields> = Kind extends EntryKind ? Fields & Content<Kind> : never

export type NewEntry<Kind extends EntryKind = EntryKind> = OfKind<
  Kind,
  NewFields & {
    /** Now when absent. An instant before the project's newest entry is recorded as that entry's instant. */
    readonly at?: string
  }
>

export type LedgerEntry<Kind extends EntryKind = EntryKind> = OfKind<Kind, RecordedFields>

/** Some fields of an entry, still told apart by its kind. */
export type EntryPart<Field extends keyof RecordedFields, Kind extends EntryKind = EntryKind> = OfKind<
  Kind,
  Pick<RecordedFields, Field>
>

/** For `find` and `filter`: entries of these kinds, with their bodies. */
export const ofKind =
  <Kind extends EntryKind>(...kinds: readonly Kind[]) =>
  <Entry extends { readonly kind: EntryKind }>(entry: Entry): entry is Extract<Entry, { readonly kind: Kind }> =>
    kinds.some((kind) => kind === entry.kind)

/** The bodies of one kind, in the order of the entries. */
export const bodiesOf = <Kind extends EntryKind>(
  entries: readonly EntryPart<never>[],
  kind: Kind,
): EntryBody<Kind>[] => {
  const isOfKind = (entry: EntryPart<never>): entry is EntryPart<never> & Content<Kind> => entry.kind === kind
  return entries.filter(isOfKind).map(({ body }) => body)
}

/** The run that an entry belongs to: its body names it, or else it is the subject. */
export const runOf = ({ body, subject }: Pick<LedgerEntry, 'body' | 'subject'>): string =>
  'workflowId' in body && typeof body.workflowId === 'string' ? body.workflowId : subject
