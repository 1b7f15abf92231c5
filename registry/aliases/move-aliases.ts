import { SlipwayError } from '../../contracts/failure.js'
import type { NewEntry } from '../../contracts/ledger/index.js'
import type { LockedLedger, WithLedger } from '../ledger/append-entries.js'
import { parseBody } from '../ledger/entry-hash.js'
import { requireKeptArtifact } from '../retention/artifact-state.js'
import type { AliasesArea, AliasMove, AliasMoveRecord } from './aliases-area.js'
import { projectOf, requireMovable, requireReason } from './move-rules.js'
import { newestMove, toMove } from './read-aliases.js'
import { unreadBreach } from './unread-breach.js'

export function createAliasMover(withLedger: WithLedger): Pick<AliasesArea, 'move' | 'moveTogether'> {
  const moveAliases = async (moves: readonly AliasMove[]): Promise<AliasMoveRecord[]> => {
    const project = projectOf(moves)
    if (project === undefined) return []
    return withLedger(project, async (ledger) => {
      const records: AliasMoveRecord[] = []
      for (const move of moves) records.push(await moveLocked(ledger, move))
      return records
    })
  }
  return {
    moveTogether: moveAliases,
    async move(move) {
      const [record] = await moveAliases([move])
      if (!record) throw new RangeError('one move makes one record')
      return record
    },
  }
}

export async function moveLocked(ledger: LockedLedger, move: AliasMove): Promise<AliasMoveRecord> {
  const { project, alias, to } = move
  const entry = entryOf(move)
  // Checked first: a retry of a recorded move must not be compared with later moves.
  const made = await ledger.find(entry)
  if (made) return toMove(made)
  const current = (await newestMove(ledger.db, project, alias))?.to ?? null
  const breach = move.unlessBreached ? await unreadBreach(ledger.db, move) : null
  requireMovable(move, { current, aborted: await isAborted(ledger, move), breach })
  if (to !== null) await requireRelease(ledger, project, to)
  return toMove(await ledger.insert(entry))
}

async function isAborted({ db }: LockedLedger, { project, workflowId }: AliasMove): Promise<boolean> {
  if (workflowId === null) return false
  const run = await db
    .selectFrom('runs')
    .select('aborted')
    .where('project', '=', project)
    .where('workflow_id', '=', workflowId)
    .executeTakeFirst()
  return run?.aborted === true
}

function entryOf({
  project,
  alias,
  expected,
  to,
  actor,
  reason,
  workflowId,
  evidence,
  key,
  identity,
  at,
}: AliasMove): NewEntry<'alias_move'> {
  requireReason({ project, alias, actor, reason })
  const known = identity && { identity }
  const body = { alias, from: expected, to, actor, reason, workflowId, evidence, ...known }
  return { project, kind: 'alias_move', subject: alias, key, body, ...(at === undefined ? {} : { at }) }
}

async function requireRelease({ db }: LockedLedger, project: string, releaseId: string): Promise<void> {
  const known = await db
    .selectFrom('chain_entries')
    .select('body')
    .where('project', '=', project)
    .where('kind', '=', 'release')
    .where('subject', '=', releaseId)
    .executeTakeFirst()
  if (!known)
    throw new SlipwayError('BadRequest', `release "${releaseId}" of ${project} is unknown; see: slipway release list`)
  // Retention also takes the project's lock, so it cannot drop the model between this check and the move.
  const { manifest } = parseBody('release', known.body)
  await requireKeptArtifact(db, { project, releaseId, artifact: manifest.model.artifact })
}
