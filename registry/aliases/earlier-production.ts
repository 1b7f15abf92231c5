/** Earlier production releases, for rollbacks and reverts: computed from the alias moves. */
import { isPromotion } from '../../contracts/ledger/index.js'
import type { AliasesArea, AliasMoveRecord } from './aliases-area.js'

type Move = Pick<AliasMoveRecord, 'alias' | 'to' | 'key'>

/**
 * The releases that repeated rollbacks lead to, the nearest first. Releases that were rolled back or reverted are not
 * included: a second rollback goes further back and never forward again.
 * @param moves of one project, oldest first
 * @param complete false: the newest moves only; then only what they prove is returned, possibly nothing
 */
export function earlierProduction(moves: readonly Move[], complete = true): string[] {
  const stack: string[] = []
  for (const move of moves) {
    const { alias, to } = move
    if (alias !== 'production' || to === null) continue
    const before = stack.lastIndexOf(to)
    // A promotion goes forward, also to a release that was in production before.
    if (before >= 0 && !isPromotion(move)) stack.length = before + 1
    else {
      // Perhaps it led back, to a move that was not read: what lies below it is unknown.
      if (!complete && !isPromotion(move)) stack.length = 0
      stack.push(to)
    }
  }
  return stack.slice(0, -1).reverse()
}

/** Usually enough; otherwise more are read. */
const FIRST_READ = 4

/** The first of them; undefined when there is none. */
export async function previousProduction(
  aliases: Pick<AliasesArea, 'newest'>,
  project: string,
): Promise<string | undefined> {
  for (let most = FIRST_READ; ; most *= 4) {
    const moves = await aliases.newest(project, { most, alias: 'production' })
    const complete = moves.length < most
    const [to] = earlierProduction(moves, complete)
    if (to !== undefined || complete) return to
  }
}
