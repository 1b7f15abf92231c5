/** A person other than the one who started the release approves its promotion, where the policy wants that. */
import { CancellationScope } from '@temporalio/workflow'
import { shared } from './calls.js'
import type { ReleaseRun } from './release-run.js'
import { runRef } from './run.js'
import { UNNAMED } from './visibility.js'

/** Names are typed, not proven: spelling is forgiven, so that nobody approves their own release by a capital letter. */
const person = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()

/** @returns why this person may not say promote now; null when they may */
export function mayNotPromote({ input, state }: ReleaseRun, by: string): string | null {
  const { promotionApproval, manualPromote } = input.policy
  if (promotionApproval === 'other_person') {
    const wants = 'the policy wants another person’s approval (promotionApproval: other_person)'
    if (person(by) === UNNAMED) return `${wants}; say who you are in "by"`
    if (person(by) === person(input.trigger.by)) return `${by} started this release; ${wants}`
    if (state.awaitingApproval) return null
  }
  return manualPromote === 'never' ? 'the policy does not allow promotion by hand (manualPromote: never)' : null
}

interface About {
  readonly reason: string
  readonly judgement: string | null
  readonly by: string | null
}

export async function askApproval(run: ReleaseRun, about: About): Promise<void> {
  run.approvals += 1
  await record(run, 'asked', about)
  run.state.awaitingApproval = true
}

/** Ends the wait, one way or the other. */
export async function endApproval(run: ReleaseRun, state: 'given' | 'lapsed', about: About): Promise<void> {
  run.state.awaitingApproval = false
  await record(run, state, about)
}

function record(run: ReleaseRun, state: 'asked' | 'given' | 'lapsed', about: About): Promise<void> {
  const words = state === 'asked' ? 'Ask for approval' : `Approval ${state}`
  const releaseId = run.state.releaseId ?? ''
  return CancellationScope.nonCancellable(() =>
    shared(words).recordApproval({ ...runRef(run), number: run.approvals, state, releaseId, ...about }),
  )
}
