/**
 * A project's canary lane: one release at a time, first come, first served. Held from the opening of the canary to the
 * run's verdict, which comes after its probation (docs/decisions/007). Read from the ledger, because a worker may die.
 */
import { sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import { canaryOpenKey, laneKey, type NewEntry } from '../../contracts/ledger/index.js'
import { moveLocked } from '../aliases/move-aliases.js'
import { newestMove } from '../aliases/read-aliases.js'
import type { Database } from '../database/connect.js'
import type { LockedLedger, WithLedger } from '../ledger/append-entries.js'
import type { Lane, LaneArea, LaneRequest, LaneTaken } from './lane-area.js'
import { laneOfRuns, turnOf } from './lane-rules.js'

export function createLane(db: Database, withLedger: WithLedger): Pick<LaneArea, 'current' | 'take'> {
  return {
    current: (project) => laneOf(db, project),
    take: (request) =>
      withLedger(request.project, async (ledger): Promise<LaneTaken> => {
        const { project, workflowId, candidate, opening } = request
        await refuseConcluded(ledger, request)
        await ledger.append(waitEntry(request))
        const lane = await laneOf(ledger.db, project)
        const found = {
          canary: (await newestMove(ledger.db, project, 'canary'))?.to ?? null,
          production: (await newestMove(ledger.db, project, 'production'))?.to ?? null,
        }
        const answer = turnOf(request, lane, found)
        if (answer) return answer
        await moveLocked(ledger, {
          project,
          alias: 'canary',
          expected: null,
          to: candidate,
          actor: workflowId,
          reason: 'canary_open',
          workflowId,
          evidence: request.evaluation,
          key: canaryOpenKey(workflowId, opening),
        })
        return { outcome: 'open', holder: workflowId }
      }),
  }
}

/** Refuses a run that an operator concluded because Temporal had lost it, and that still runs somewhere. */
async function refuseConcluded({ db }: LockedLedger, { project, workflowId }: LaneRequest): Promise<void> {
  const run = await db
    .selectFrom('runs')
    .select('ended')
    .where('project', '=', project)
    .where('workflow_id', '=', workflowId)
    .executeTakeFirst()
  if (run?.ended) throw new SlipwayError('BadRequest', `${workflowId} already has a verdict; it cannot open a canary`)
}

const waitEntry = ({ project, workflowId, candidate }: LaneRequest): NewEntry<'lane'> => ({
  project,
  kind: 'lane',
  subject: workflowId,
  key: laneKey(workflowId),
  body: { workflowId, releaseId: candidate },
})

async function laneOf(db: Database, project: string): Promise<Lane> {
  // The condition is that of an index, so that ended runs are not read.
  const rows = await db
    .selectFrom('runs')
    .select(['workflow_id as workflowId', 'canary_opened as opened'])
    .where('project', '=', project)
    .where('lane_seq', 'is not', null)
    .where(sql<boolean>`not ended`)
    .orderBy('lane_seq')
    .execute()
  return laneOfRuns(rows)
}
