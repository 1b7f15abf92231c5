import { bodiesOf } from '../../contracts/ledger/index.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { ReleaseInput, Verdict } from '../../contracts/types.js'
import type { Registry } from '../registry.js'

/** A release as the ledger keeps it permanently; Temporal deletes its run some time after the end. */
export interface KnownRelease {
  readonly workflowId: string
  /** The input of the run; null when it could not be recorded. */
  readonly input: ReleaseInput | null
  readonly verdict: Pick<Verdict, 'verdict' | 'reason' | 'detail'> | null
}

/** The release that a trigger has started; null when the ledger has none. */
export async function knownRelease(
  registry: Pick<Registry, 'ledger'>,
  { project, trigger }: { readonly project: string; readonly trigger: string },
): Promise<KnownRelease | null> {
  const workflowId = releaseWorkflowId(project, trigger)
  const entries = await registry.ledger.entries(project, { kind: ['trigger', 'verdict'], subject: workflowId })
  if (entries.length === 0) return null
  return {
    workflowId,
    input: bodiesOf(entries, 'trigger')[0] ?? null,
    verdict: bodiesOf(entries, 'verdict')[0] ?? null,
  }
}
