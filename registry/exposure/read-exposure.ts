import { type Kysely, sql } from 'kysely'
import { isLive } from '../../contracts/evidence-source.js'
import { type ExposedRun, type ExposureRecord, inOrderOfForce } from '../../contracts/exposure.js'
import { bodiesOf, ofKind, promotedBy } from '../../contracts/ledger/index.js'
import type { AliasMoveRecord } from '../aliases/aliases-area.js'
import { newestMove } from '../aliases/read-aliases.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import { ENTRY_COLUMNS, toEntry } from '../ledger/entry-hash.js'
import { newestRelease } from '../releases/newest-release.js'
import type { ExposureArea } from './exposure-area.js'
import { clockIn } from './run-clock.js'

export function createExposureReader(db: Database): Pick<ExposureArea, 'read'> {
  return {
    read: (project) =>
      db
        .transaction()
        // One database snapshot: an older alias with newer steps would give a split that never existed.
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((transaction) => readExposure(transaction, project)),
  }
}

/** Of one database snapshot in a transaction that has one. */
export async function readExposure(db: Kysely<Tables>, project: string): Promise<ExposureRecord> {
  const production = await newestMove(db, project, 'production')
  const canary = await newestMove(db, project, 'canary')
  return {
    project,
    production: production?.to ?? null,
    canary: canary?.to ?? null,
    newestRelease: (await newestRelease(db, project)) ?? null,
    run: await exposedRun(db, { production, canary }),
  }
}

interface Moves {
  readonly production: AliasMoveRecord | undefined
  readonly canary: AliasMoveRecord | undefined
}

/** The run whose candidate has a share: the holder of the canary, or a run that promoted and has no verdict yet. */
async function exposedRun(db: Kysely<Tables>, { production, canary }: Moves): Promise<ExposedRun | null> {
  if (!production?.to) return null
  if (canary?.to && canary.workflowId) {
    const arms = { phase: 'canary', candidate: canary.to, reference: production.to } as const
    // Steps of an earlier opening do not count.
    return run(db, canary.workflowId, arms, canary.seq)
  }
  const { workflowId, from } = production
  if (!workflowId || !from || promotedBy(production) !== workflowId) return null
  return run(db, workflowId, { phase: 'probation', candidate: production.to, reference: from })
}

async function run(
  db: Kysely<Tables>,
  workflowId: string,
  arms: Pick<ExposedRun, 'phase' | 'candidate' | 'reference'>,
  stepsAfter = 0,
): Promise<ExposedRun | null> {
  const rows = await db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('workflow_id', '=', workflowId)
    .where(sql<boolean>`kind in ('trigger', 'clock', 'canary_step', 'verdict')`)
    .orderBy('seq')
    .execute()
  const entries = rows.map(toEntry)
  const [input] = bodiesOf(entries, 'trigger')
  if (!input || entries.some(({ kind }) => kind === 'verdict')) return null
  const clock = clockIn(entries)
  // Its event time has not begun: until then no decision can belong to this run.
  if (!clock && isLive(input.trigger)) return null
  const steps = entries
    .filter(ofKind('canary_step'))
    .filter(({ seq }) => seq > stepsAfter)
    .map(({ body }) => body)
    .filter(({ phase }) => phase === arms.phase)
  // The canary of a policy with a shadow has no share before its first step.
  const phase = arms.phase === 'canary' && input.policy.shadow && steps.length === 0 ? 'shadow' : arms.phase
  return { workflowId, ...arms, phase, input: { ...input, clock: clock ?? input.clock }, steps: inOrderOfForce(steps) }
}
