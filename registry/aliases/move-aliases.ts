import { SlipwayError } from '../../contracts/failure.js'
import type { NewEntry } from '../../contracts/ledger/index.js'
import type { LockedLedger, WithLedger } from '../ledger/append-entries.js'
import { parseBody } from '../ledger/entry-hash.js'
import { requireKeptArtifact } from '../retention/artifact-state.js'
import type { AliasesArea, AliasMove, AliasMoveRecord } from './aliases-area.js'
import { newestMove, toMove } from './read-aliases.js'

export function createAliasMover(withLedger: WithLedger): Pick<AliasesArea, 'move' | 'moveTogether'> {
  const moveAliases = async (moves: readonly AliasMove[]): Promise<AliasMoveRecord[]> => {
    const project = moves[0]?.project
    if (project === undefined) return []
    if (moves.some((move) => move.project !== project)) {
      throw new SlipwayError('BadRequest', 'aliases of several projects cannot be moved together')
    }
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
  const { project, alias, expected, to } = move
  const entry = entryOf(move)
  // Checked first: a retry of a recorded move must not be compared with later moves.
  const made = await ledger.find(entry)
  if (made) return toMove(made)
  const found = (await newestMove(ledger.db, project, alias))?.to ?? null
  if (found !== expected) {
    throw new SlipwayError(
      'AliasMoved',
      `${alias} of ${project} was expected to be ${expected ?? 'nothing'}, but is ${found ?? 'nothing'}`,
    )
  }
  if (move.unlessAborted && (await isAborted(ledger, move))) {
    throw new SlipwayError('AliasMoved', `${move.workflowId} was aborted before it could move ${alias} of ${project}`)
  }
  if (to !== null) await requireRelease(ledger, project, to)
  return toMove(await ledger.insert(entry))
}

async function isAborted({ db }: LockedLedger, { project, workflowId }: AliasMove): Promise<boolean> {
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
  at,
}: AliasMove): NewEntry<'alias_move'> {
  if (actor.trim() === '' || reason.trim() === '') {
    throw new SlipwayError('BadRequest', `a move of ${alias} of ${project} needs an actor and a reason`)
  }
  const body = { alias, from: expected, to, actor, reason, workflowId, evidence }
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
