/** Earlier production releases, for rollbacks and reverts. Pure, computed from the alias moves. */
import { isPromotion } from '../../contracts/ledger/index.js'
import type { AliasMoveRecord } from './aliases-area.js'

type Move = Pick<AliasMoveRecord, 'alias' | 'to' | 'key'>

/**
 * The releases that repeated rollbacks lead to, the nearest first. Releases that were rolled back or reverted are not
 * included: a second rollback goes further back and never forward again.
 * @param moves of one project, oldest first
 */
export function earlierProduction(moves: readonly Move[]): string[] {
  const stack: string[] = []
  for (const move of moves) {
    const { alias, to } = move
    if (alias !== 'production' || to === null) continue
    const before = stack.lastIndexOf(to)
    // A promotion goes forward, also to a release that was in production before.
    if (before >= 0 && !isPromotion(move)) stack.length = before + 1
    else stack.push(to)
  }
  return stack.slice(0, -1).reverse()
}
