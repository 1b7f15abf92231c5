/** Approval of a promotion by another person than the one who started the release, where the policy requires it. */
import { CancellationScope, patched } from '@temporalio/workflow'
import { isSamePerson, OTHER_PERSON, personOf, startedByThem } from '../contracts/other-person.js'
import { shared } from './calls.js'
import type { ReleaseRun } from './release-run.js'
import { runRef } from './run.js'
import { UNNAMED } from './visibility.js'

/** @returns why this person may not promote now; null when they may */
export function mayNotPromote({ input, state }: ReleaseRun, by: string): string | null {
  if (state.shadow) return 'it is in the shadow, and its first step has not begun; wait for it, or abort'
  const { promotionApproval, manualPromote } = input.policy
  if (promotionApproval === 'other_person') {
    if (personOf(by) === UNNAMED) return `${OTHER_PERSON}; give your name in "by"`
    if (isSamePerson(by, input.trigger.by, () => patched('names-beside-tokens'))) return startedByThem(by)
    if (state.awaitingApproval) return null
  }
  return manualPromote === 'never' ? 'the policy does not allow promotion by hand (manualPromote: never)' : null
}

interface ApprovalNote {
  readonly reason: string
  readonly judgement: string | null
  readonly by: string | null
}

export async function askApproval(run: ReleaseRun, about: ApprovalNote): Promise<void> {
  run.approvals += 1
  await record(run, 'asked', about)
  run.state.awaitingApproval = true
}

/** Ends the wait for approval. */
export async function endApproval(run: ReleaseRun, state: 'given' | 'lapsed', about: ApprovalNote): Promise<void> {
  run.state.awaitingApproval = false
  await record(run, state, about)
}

function record(run: ReleaseRun, state: 'asked' | 'given' | 'lapsed', about: ApprovalNote): Promise<void> {
  const summary = state === 'asked' ? 'Ask for approval' : `Approval ${state}`
  const releaseId = run.state.releaseId ?? ''
  return CancellationScope.nonCancellable(() =>
    shared(summary).recordApproval({ ...runRef(run), number: run.approvals, state, releaseId, ...about }),
  )
}
