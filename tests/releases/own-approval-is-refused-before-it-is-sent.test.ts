import { expect, it } from 'vitest'
import { startedByStated, startedByThem } from '../../contracts/other-person.js'
import type { ReleaseInput, Trigger } from '../../contracts/types.js'
import { whyNotApproved } from '../../releases/identity/approval-counts.js'
import { createProver } from '../../releases/identity/prover.js'

const prover = createProver('a secret that has at least 32 characters')
const workflowId = 'release/toy/a'
const proof = prover.sign({ workflowId, id: 'a', action: 'start', by: 'ana' })

function releaseOf(trigger: Partial<Trigger>, promotionApproval: 'other_person' | null = 'other_person') {
  const input = { policy: { promotionApproval }, trigger: { id: 'a', kind: 'cli', by: 'ana', ...trigger } }
  return { workflowId, input: input as unknown as ReleaseInput }
}

it.each([
  { who: 'the person who started it', by: 'ana', why: startedByThem('ana') },
  { who: 'the same person in another spelling', by: ' ANA ', why: startedByThem(' ANA ') },
  { who: 'the same person beside a token', by: 'ana (token ci)', why: startedByThem('ana (token ci)') },
  { who: 'another person', by: 'bo', why: null },
  { who: 'a person who is named later', by: null, why: null },
])('$who: the page says what the refusal would say', ({ by, why }) => {
  expect(whyNotApproved(undefined, releaseOf({}), by)).toBe(why)
  expect(whyNotApproved(prover, releaseOf({ proof }), by)).toBe(why)
  expect(whyNotApproved(prover, releaseOf({ proof }, null), by)).toBe(null)
})

it('where names can be proven and that of the person who started it is stated, the page says that no approval counts', () => {
  expect(whyNotApproved(prover, releaseOf({}), 'bo')).toBe(startedByStated('ana'))
  expect(whyNotApproved(prover, releaseOf({ proof: 'no proof' }), 'bo')).toBe(startedByStated('ana'))
  expect(whyNotApproved(prover, releaseOf({ kind: 'schedule' }), 'bo')).toBe(null)
})
