/** Approval of a promotion by another person than the one who started the release, where the policy requires it. */
import { CancellationScope, patched } from '@temporalio/workflow'
import { shared } from './calls.js'
import type { ReleaseRun } from './release-run.js'
import { runRef } from './run.js'
import { UNNAMED } from './visibility.js'

/**
 * Names are typed and not verified. Case and spaces are ignored, so that a different spelling of one name is not
 * another person.
 */
const person = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()

/** The decision service adds the name of a token: `ana (token ci)`, or `token ci` for a caller that gave no name. */
const TOKEN = /(?:^token (\S+)|(?: \(token ([^)]*)\))+)$/

/** Where one of them gave no name, the token is who it is. */
function isSamePerson(one: string, other: string): boolean {
  const [first, second] = [one, other].map(person) as [string, string]
  if (!TOKEN.test(first) && !TOKEN.test(second)) return first === second
  if (!patched('names-beside-tokens')) return first === second
  const [a, b] = [first, second].map((text) => {
    const [whole = '', alone, beside] = TOKEN.exec(text) ?? []
    return { name: text.slice(0, text.length - whole.length), token: alone ?? beside }
  }) as [Named, Named]
  return a.name !== '' && b.name !== '' ? a.name === b.name : a.token !== undefined && a.token === b.token
}

interface Named {
  readonly name: string
  readonly token: string | undefined
}

/** @returns why this person may not promote now; null when they may */
export function mayNotPromote({ input, state }: ReleaseRun, by: string): string | null {
  if (state.shadow) return 'it is in the shadow, and its first step has not begun; wait for it, or abort'
  const { promotionApproval, manualPromote } = input.policy
  if (promotionApproval === 'other_person') {
    const required = 'the policy requires the approval of another person (promotionApproval: other_person)'
    if (person(by) === UNNAMED) return `${required}; give your name in "by"`
    if (isSamePerson(by, input.trigger.by)) return `${by} started this release; ${required}`
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
