/** What is checked after each step of a sequence. */
import { isRollback } from '../../../contracts/ledger/index.js'
import type { Model } from '../model.js'
import type { World } from '../world/world.js'
import { agree } from './agreement.js'
import { exposureProblems } from './exposures.js'
import { ledgerProblems, movesIn } from './ledger.js'
import { runProblems } from './runs.js'

/** @throws Error naming each invariant that does not hold */
export async function checkNow(model: Model, world: World): Promise<void> {
  const chain = await world.registry.ledger.entries(world.project)
  const byHand = movesIn(chain).filter(({ alias, key }) => alias === 'production' && isRollback({ key }))
  const problems = [
    ...ledgerProblems(chain),
    ...exposureProblems(chain),
    ...runProblems(model, chain),
    ...byHand
      .filter(({ actor, reason }) => !model.rollbacks.some((asked) => asked.by === actor && asked.reason === reason))
      .map(({ key }) => `${key}: nobody asked for it`),
  ]
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

export async function checkStep(model: Model, world: World): Promise<void> {
  await checkNow(model, world)
  await agree(model, world)
  await checkNow(model, world)
}
