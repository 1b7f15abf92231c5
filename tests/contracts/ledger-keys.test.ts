/**
 * Keys are stored: a key that changes would record a retried step twice. And only contracts/ledger reads what a key
 * says.
 */
import { expect, it } from 'vitest'
import * as ledger from '../../contracts/ledger/index.js'

const RUN = 'release/eta/nightly-1'
const at = '2026-01-03T10:00:00.000Z'

it.each([
  [ledger.triggerKey(RUN), 'release/eta/nightly-1:trigger'],
  [ledger.snapshotKey('init/eta'), 'init/eta:snapshot'],
  [ledger.trainingKey(RUN, 2), 'release/eta/nightly-1:training:2'],
  [ledger.releaseKey('sha256:ab'), 'release:sha256:ab'],
  [ledger.evaluationKey(RUN, 1), 'release/eta/nightly-1:evaluation:1'],
  [ledger.laneKey(RUN), 'release/eta/nightly-1:lane'],
  [ledger.clockKey(RUN, 0), 'release/eta/nightly-1:clock'],
  [ledger.clockKey(RUN, 1), 'release/eta/nightly-1:clock:2'],
  [ledger.resumedClockKey(RUN, 1_700), 'release/eta/nightly-1:clock:1700'],
  [ledger.stepKey(RUN, { phase: 'canary', step: 0 }), 'release/eta/nightly-1:canary:step:0'],
  [ledger.stepKey(RUN, { phase: 'probation', step: 0, opening: 1 }), 'release/eta/nightly-1:probation:step:0:2'],
  [ledger.exposureClosedKey(RUN), 'release/eta/nightly-1:canary:closed'],
  [ledger.exposureClosedKey(RUN, 2), 'release/eta/nightly-1:canary:closed:3'],
  [ledger.lookKey(RUN, 'canary', at, 'sha256:ab'), `release/eta/nightly-1:canary:look:${at}:sha256:ab`],
  [ledger.promotionKey(RUN), 'release/eta/nightly-1:promote'],
  [ledger.revertKey(RUN), 'release/eta/nightly-1:revert'],
  [ledger.rollbackKey('ana-1'), 'rollback:ana-1'],
  [ledger.baselineKey('init/eta'), 'init/eta:production'],
  [ledger.canaryOpenKey(RUN, 1), 'release/eta/nightly-1:canary:open:2'],
  [ledger.canaryCloseKey(RUN), 'release/eta/nightly-1:canary:close'],
  [ledger.terminatedCloseKey(RUN), 'release/eta/nightly-1:canary:close:terminated'],
  [ledger.actionKey(RUN, 'a1'), 'release/eta/nightly-1:action:a1'],
  [ledger.requestedKey(RUN, 'kept', 'a1'), 'release/eta/nightly-1:requested:kept:a1'],
  [ledger.breachKey(RUN, { signal: 'p99', arm: 'canary', at }), `release/eta/nightly-1:breach:p99:canary:${at}`],
  [ledger.approvalKey(RUN, 1, 'asked'), 'release/eta/nightly-1:approval:1:asked'],
  [ledger.verdictKey(RUN), 'release/eta/nightly-1:verdict'],
  [ledger.scheduleKey('slipway/eta', at), `slipway/eta:${at}`],
  [ledger.placeKey(at, 1), 'condition:start:2026-01-03:1'],
  [
    ledger.suppressedKey({ condition: 'stale', window: { from: at, to: at } }, 'cool_down'),
    'condition:suppressed:stale:2026-01-03:cool_down',
  ],
  [ledger.conditionSubject('eta', 'stale'), 'condition/eta/stale'],
  [ledger.correctionKey(RUN, 'sha256:ab'), 'release/eta/nightly-1:correction:sha256:ab'],
  [ledger.dayClosedKey('outcomes', '2026-01-03'), 'day:outcomes:2026-01-03'],
  [ledger.droppedDayKey('2026-01-03'), 'dropped:day:2026-01-03'],
  [ledger.droppedArtifactsKey(7), 'dropped:artifacts:7'],
])('%s', (built, stored) => {
  expect(built).toBe(stored)
})

it('the key of a move shows its kind', () => {
  const promotion = { key: ledger.promotionKey(RUN) }
  expect(ledger.promotedBy(promotion)).toBe(RUN)
  expect(ledger.isPromotion(promotion)).toBe(true)
  for (const key of [ledger.revertKey(RUN), ledger.baselineKey('init/eta'), ledger.rollbackKey('1')]) {
    expect(ledger.promotedBy({ key })).toBeNull()
  }
  expect(ledger.isRollback({ key: ledger.rollbackKey('1') })).toBe(true)
  expect(ledger.isRollback(promotion)).toBe(false)
})

it('the id of a rollback, which its operator chooses, does not make a promotion of it', () => {
  expect(ledger.promotedBy({ key: ledger.rollbackKey('again:promote') })).toBeNull()
})
