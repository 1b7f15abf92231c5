/** What production was before: the question of whoever goes back. Pure, over the ledger. */
import { isPromotion } from '../../contracts/ledger/index.js'
import type { AliasMoveRecord } from './aliases-area.js'

type Move = Pick<AliasMoveRecord, 'alias' | 'to' | 'key'>

/**
 * The productions that going back again and again leads to, the nearest first. What was gone back from, by hand or by a release's
 * own revert, is not among them: twice back is further back, never forward again.
 * @param moves of one project, oldest first
 */
export function earlierProduction(moves: readonly Move[]): string[] {
  const stack: string[] = []
  for (const move of moves) {
    const { alias, to } = move
    if (alias !== 'production' || to === null) continue
    const before = stack.lastIndexOf(to)
    // A promotion goes forward, also to a tuple that was production once.
    if (before >= 0 && !isPromotion(move)) stack.length = before + 1
    else stack.push(to)
  }
  return stack.slice(0, -1).reverse()
}
