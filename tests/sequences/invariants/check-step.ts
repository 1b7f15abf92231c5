/** The checks after each step of a sequence. */
import { isRollback, type LedgerEntry } from '../../../contracts/ledger/index.js'
import type { Model } from '../sequence-model.js'
import type { SequenceSystem } from '../system/sequence-system.js'
import { agree } from './agreement.js'
import { exposureProblems } from './exposure-problems.js'
import { ledgerProblems, movesIn } from './ledger-problems.js'
import { runProblems } from './run-problems.js'

/** @throws Error naming each invariant that does not hold */
function check(model: Model, entries: readonly LedgerEntry[]): void {
  const byHand = movesIn(entries).filter(({ alias, key }) => alias === 'production' && isRollback({ key }))
  const problems = [
    ...ledgerProblems(entries),
    ...exposureProblems(entries),
    ...runProblems(model, entries),
    ...byHand
      .filter(
        ({ actor, reason }) => !model.rollbacks.some((request) => request.by === actor && request.reason === reason),
      )
      .map(({ key }) => `${key}: was not requested`),
  ]
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

export async function checkStep(model: Model, system: SequenceSystem): Promise<void> {
  check(model, await system.registry.ledger.entries(system.project))
  check(model, await agree(model, system))
}
