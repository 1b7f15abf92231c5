/** From a release to the run that made it production. A tuple may be run twice, so the release alone does not tell. */
import { isPromotion } from '../../contracts/ledger/index.js'
import type { AliasMoveRecord } from './aliases-area.js'

type Move = Pick<AliasMoveRecord, 'alias' | 'to' | 'key' | 'seq'>

/**
 * The newest promotion of a release; undefined for one that no run has promoted: a baseline, or moved by hand. A
 * rollback to a release restores what its promotion was judged by.
 * @param moves of one project, oldest first @param until sequence number of the last move to consider
 */
export const promotionOf = <M extends Move>(
  moves: readonly M[],
  releaseId: string,
  until = Number.POSITIVE_INFINITY,
): M | undefined =>
  moves.findLast(
    (move) => move.seq <= until && move.alias === 'production' && move.to === releaseId && isPromotion(move),
  )
