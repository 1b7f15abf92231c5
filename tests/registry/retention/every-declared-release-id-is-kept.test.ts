/**
 * What an open run names in a field that is declared to hold a release id is kept, and so is what an unknown field
 * holds.
 */
import { expect, it } from 'vitest'
import { heldIn, type LedgerEntry } from '../../../contracts/ledger/index.js'
import { mentionsOf } from '../../../registry/retention/artifact-needs.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { digest, manifestOf } from '../test-registry.js'

const RUN = 'release/toy/open'
const OLD = 'toy_v1'
const LONG_AFTER = Date.parse('2100-01-01')
const POLICY = { decisions: '1d', artifacts: { keepReleases: 1, keepFor: '1d' } }

/** An entry of the run, of whatever shape. */
const entry = (seq: number, kind: string, subject: string, body: object): LedgerEntry => {
  const fields = { project: 'toy', seq, key: `k${seq}`, at: '2001-01-01T00:00:00.000Z', prev: null, hash: '' }
  return { ...fields, kind, subject, body } as LedgerEntry
}

const release = (seq: number, id: string, model: string, workflowId: string): LedgerEntry => {
  const manifest = manifestOf('toy', seq / 10, { model: { artifact: digest(model), format: 'toy', kind: 'toy' } })
  return entry(seq, 'release', id, { digest: digest('f'), manifest, workflowId })
}

const trigger = (parameters: object): LedgerEntry =>
  entry(2, 'trigger', RUN, { trigger: { parameters }, policy: toyPolicy, clock: {} })

/** Why the old model stays, which no alias names, in a project whose open run has another candidate. */
const whyKept = (more: LedgerEntry[], parameters: object = {}): string | undefined => {
  const entries = [release(1, OLD, '1', 'release/toy/old'), trigger(parameters), release(3, 'toy_v2', '2', RUN)]
  return mentionsOf([...entries, ...more], POLICY, LONG_AFTER).get(digest('1'))?.why
}

const needed = `an open run needs ${OLD}`

it('a release that nothing names is not kept', () => {
  expect(whyKept([])).toBeUndefined()
  expect(whyKept([entry(4, 'operator_action', RUN, { action: 'pause', reason: OLD, message: OLD })])).toBeUndefined()
})

it.each([
  ['training_run', { parameters: { start: OLD } }],
  ['evaluation', { releaseId: OLD }],
  ['evaluation', { releaseId: 'toy_v2', production: OLD }],
  ['lane', { releaseId: OLD }],
  ['judgement', { releases: ['toy_v2', OLD] }],
  ['alias_move', { workflowId: RUN, from: OLD, to: null }],
  ['alias_move', { workflowId: RUN, from: null, to: OLD }],
  ['approval', { releaseId: OLD }],
])('%s %j', (kind, body) => {
  const subject = kind === 'alias_move' ? 'holdback' : RUN
  expect(whyKept([entry(4, kind, subject, body)])).toBe(needed)
})

it('what the parameters of the trigger name is kept, whatever a project calls it', () => {
  expect(whyKept([], { start: OLD })).toBe(needed)
})

it.each([
  ['a field that this build does not know', 'lane', { releaseId: 'toy_v2', later: [{ from: OLD }] }],
  ['a kind that this build does not know', 'comparison', { against: OLD }],
])('%s is searched for every text', (_what, kind, body) => {
  expect(whyKept([entry(4, kind, RUN, body)])).toBe(needed)
})

it('a verdict declares its release too, though the run it ends is open no more', () => {
  expect(heldIn(entry(4, 'verdict', RUN, { releaseId: OLD, reason: OLD }), 'releaseId')).toEqual([
    { path: 'releaseId', text: OLD, declared: true },
  ])
})
