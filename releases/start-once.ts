/**
 * One trigger is one release: a repeated trigger finds the release of the first request, and what differs is reported.
 */
import { type Asked, type Difference, differences } from '../contracts/release-content.js'
import type { ReleaseInput } from '../contracts/types.js'
import { type KnownRelease, knownRelease, type Registry } from '../registry/index.js'

export interface RecordedRelease extends KnownRelease {
  /** What the repeated request asks for and the first did not; null if the ledger has no input of the first. */
  readonly differs: readonly Difference[] | null
}

/** The release that a trigger has started before, by the ledger; null if the ledger has none. */
export async function recordedRelease(
  registry: Pick<Registry, 'ledger'>,
  ref: { readonly project: string; readonly trigger: string },
  asked: Asked,
): Promise<RecordedRelease | null> {
  const known = await knownRelease(registry, ref)
  return known && { ...known, differs: known.input && differences(known.input, asked) }
}

export interface Started {
  readonly workflowId: string
  readonly existed: boolean
  /** Empty for a new release; null while the first request is not recorded yet. */
  readonly differs: readonly Difference[] | null
  /** The verdict of a release that the ledger knew before; null while there is none. */
  readonly verdict: KnownRelease['verdict']
}

interface Needs {
  /** `recordedRelease` for this trigger. */
  readonly recorded: () => Promise<RecordedRelease | null>
  readonly start: (input: ReleaseInput) => Promise<{ workflowId: string; existed: boolean }>
}

/**
 * The ledger is asked before Temporal: Temporal forgets runs that ended long ago, the ledger does not.
 * @param isNew the trigger id was generated for this request, so the ledger is not asked first
 */
export async function startOnce({ recorded, start }: Needs, input: ReleaseInput, isNew = false): Promise<Started> {
  const known = isNew ? null : await recorded()
  if (known) return { workflowId: known.workflowId, existed: true, differs: known.differs, verdict: known.verdict }
  const { workflowId, existed } = await start(input)
  if (!existed) return { workflowId, existed, differs: [], verdict: null }
  // Known to Temporal only until its worker has recorded the trigger.
  const first = await recorded()
  return { workflowId, existed, differs: first?.differs ?? null, verdict: null }
}
