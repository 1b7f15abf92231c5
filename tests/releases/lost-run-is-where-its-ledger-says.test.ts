/** A run whose Temporal history is lost continues where its ledger says that it was. */
import { expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { EntryKind, LedgerEntry } from '../../contracts/ledger/index.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import type { ReleaseRunRecord } from '../../registry/index.js'
import { lostRun } from '../../releases/lost-run.js'
import { shadowPolicy, toyPolicy } from '../toy-project/policy.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const workflowId = 'release/toy/lost'
const iso = (instant: number) => new Date(instant).toISOString()

/** Entries in order of their places, which begin with 1. */
function ledger(policy: PromotionPolicy) {
  const entries: unknown[] = []
  const add = (kind: EntryKind, body: object) => entries.push({ seq: entries.length + 1, kind, body, at: iso(OPENED) })
  const canary = (to: string | null) => add('alias_move', { alias: 'canary', to, workflowId })
  add('trigger', { trigger: { evidence: 'live' }, policy, clock: { eventStart: OPENED, wallStart: OPENED, speed: 1 } })
  add('snapshot', { digest: 'a' })
  add('evaluation', { digest: 'b', production: 'toy_v1' })
  canary('toy_v2')
  return {
    canary,
    extend: (id: string) => add('operator_action', { id, action: 'extend', by: 'ana', reason: '', accepted: true }),
    step: (phase: string, opening?: number) =>
      add('canary_step', { phase, step: 0, weight: phase === 'shadow' ? 0 : 1_000, fromDay: OPENED, opening }),
    /** @param read also up to where it had measured breaches */
    look(phase: string, action: string, at: { day: number; deadline?: string; read?: number }) {
      const { day, deadline = policy.deadline, read = 0 } = at
      const until = iso(OPENED + Number.parseInt(deadline, 10) * DAY_MS)
      const judgement = { action, numbers: { asOf: iso(OPENED + day * DAY_MS) } }
      const known = { opened: iso(OPENED), deadline: until, breachesRead: read, breachesThrough: read }
      return add('judgement', { phase, judgement, ...known })
    },
    lost() {
      const run = { workflowId, releaseId: 'toy_v2', stage: 'canary', entries: entries as LedgerEntry[] }
      const lost = lostRun(run as unknown as ReleaseRunRecord, OPENED)
      if (!lost) throw new Error('it is in no canary')
      const { state, shadow, canary } = lost.continued
      return { extensions: state.extensions, shadow, canary }
    },
  }
}

it('extensions of its shadow do not make the canary longer, and stay used', () => {
  const run = ledger({ ...shadowPolicy, maxExtensions: 3 })
  run.step('shadow')
  run.extend('in the shadow')
  run.step('canary')
  expect(run.lost()).toMatchObject({ extensions: 1, canary: { inShadow: 1 } })
  run.extend('in the canary')
  expect(run.lost()).toMatchObject({ extensions: 2, canary: { inShadow: 1 } })
  run.look('canary', 'continue', { day: 1, deadline: '21d' })
  expect(run.lost()).toMatchObject({ extensions: 2, canary: { inShadow: 1 } })
  run.extend('after a look')
  expect(run.lost()).toMatchObject({ extensions: 3, canary: { inShadow: 1 } })
})

it('extensions of an earlier opening do not count in this one', () => {
  const run = ledger(toyPolicy)
  run.step('canary')
  run.extend('in the first')
  run.canary(null)
  run.canary('toy_v2')
  run.step('canary', 1)
  expect(run.lost()).toMatchObject({ extensions: 0 })
  run.extend('in the second')
  expect(run.lost()).toMatchObject({ extensions: 1 })
})

it('an open run has acted on no look that rolls back, nor on those after it', () => {
  const run = ledger(toyPolicy)
  run.step('canary')
  run.look('canary', 'rollback', { day: 1, read: 7 })
  run.look('canary', 'rollback', { day: 1.1, read: 7 })
  // The place of its opening: each breach since is open.
  expect(run.lost().canary?.actedOn).toEqual({ read: 4, through: 4 })
})

it('it has acted on the looks before that, and not on the newest one, unless a person resumes its pause', () => {
  const run = ledger(toyPolicy)
  run.step('canary')
  run.look('canary', 'continue', { day: 1, read: 3 })
  run.look('canary', 'continue', { day: 2, read: 5 })
  expect(run.lost().canary?.actedOn).toEqual({ read: 3, through: 3 })
  run.look('canary', 'pause', { day: 3, read: 6 })
  expect(run.lost().canary?.actedOn).toEqual({ read: 6, through: 6 })
  run.look('canary', 'rollback', { day: 4, read: 8 })
  run.look('canary', 'rollback', { day: 4.1, read: 9 })
  expect(run.lost().canary?.actedOn).toEqual({ read: 6, through: 6 })
})

it('before the first look of its canary it has acted on those of its shadow', () => {
  const run = ledger(shadowPolicy)
  run.step('shadow')
  run.look('shadow', 'continue', { day: 1, read: 3 })
  run.look('shadow', 'continue', { day: 2, read: 5 })
  expect(run.lost().shadow?.actedOn).toEqual({ read: 3, through: 3 })
  run.step('canary')
  expect(run.lost().canary?.actedOn).toEqual({ read: 5, through: 5 })
})
