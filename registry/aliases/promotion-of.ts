/** From a release to the moves that made it production. */
import { isPromotion } from '../../contracts/ledger/index.js'
import type { AliasName } from '../../contracts/names.js'
import type { AliasesArea, AliasMoveRecord } from './aliases-area.js'

type Newest = Pick<AliasesArea, 'newest'>

const FIRST_READ = 4
const MOST_READ = 2_000

/** The newest move that fits. What is asked for is usually among the newest ones, so pages begin small. */
export async function newestWhere(
  aliases: Newest,
  project: string,
  { alias, before }: { readonly alias: AliasName; readonly before?: number | undefined },
  fits: (move: AliasMoveRecord) => boolean,
): Promise<AliasMoveRecord | undefined> {
  let end = before
  for (let most = FIRST_READ; ; most = Math.min(MOST_READ, most * 4)) {
    const moves = await aliases.newest(project, { most, alias, before: end })
    const found = moves.findLast(fits)
    if (found || moves.length < most) return found
    end = moves[0]?.seq
  }
}

/**
 * The newest promotion of a release; undefined for one that no run has promoted: a baseline, or moved by hand. A tuple
 * may be run twice, so the release alone does not tell. A rollback to a release restores what its promotion was judged
 * by.
 * @param until sequence number of the last move to consider
 */
export const promotionOf = (
  aliases: Newest,
  project: string,
  releaseId: string,
  until?: number,
): Promise<AliasMoveRecord | undefined> =>
  newestWhere(
    aliases,
    project,
    { alias: 'production', before: until === undefined ? undefined : until + 1 },
    (move) => move.to === releaseId && isPromotion(move),
  )

export const wasProduction = async (aliases: Newest, project: string, releaseId: string): Promise<boolean> =>
  (await newestWhere(aliases, project, { alias: 'production' }, ({ to }) => to === releaseId)) !== undefined
