/**
 * Data that the retention policies no longer keep: reported, or recorded in the ledger and dropped
 * (docs/decisions/095).
 */
import { sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import type { ArtifactStore } from '../artifacts/artifact-store.js'
import { connect, type Database } from '../database/connect.js'
import { databaseTime, type LedgerClock } from '../ledger/append-entries.js'
import { dropArtifacts, planArtifacts, present, withSizes } from './drop-artifacts.js'
import { countDay, dropDay, eachOldDay } from './drop-days.js'
import { dropOldMonths } from './drop-old-months.js'
import { createLedgerView } from './lock-ledgers.js'
import type { PruneReport, PruneRequest, RetentionArea } from './retention-area.js'

interface Needs extends Pick<RetentionArea, 'digestDay'> {
  readonly databaseUrl: string
  readonly store: ArtifactStore
  readonly now: LedgerClock
}

/**
 * @throws SlipwayError BadRequest when this user may not drop or gives no name or reason; Unavailable when tables stay
 * in use
 */
export async function prune(
  { databaseUrl, store, now: ledgerClock, digestDay }: Needs,
  request: PruneRequest,
): Promise<PruneReport> {
  // As the owner of the tables: the role of services can only read and append.
  const db = connect(databaseUrl, { role: null, size: 2 })
  try {
    const now = ledgerClock ?? (await databaseClock(db))
    return await (request.apply
      ? applied(db, { store, now, digestDay }, { ...request, apply: request.apply })
      : shown(db, { store, now, digestDay }, request))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== LOCK_NOT_AVAILABLE) throw error
    throw new SlipwayError('Unavailable', 'the tables of decisions stayed in use for too long; run it again', {
      cause: error,
    })
  } finally {
    await db.destroy()
  }
}

const LOCK_NOT_AVAILABLE = '55P03'

interface Parts extends Omit<Needs, 'databaseUrl' | 'now'> {
  readonly now: () => number
}

/** What is old is not decided by the clock of the machine that runs the command. */
async function databaseClock(db: Database): Promise<() => number> {
  const ahead = (await databaseTime(db)) - Date.now()
  return () => Date.now() + ahead
}

async function shown(db: Database, { store, now, digestDay }: Parts, request: PruneRequest): Promise<PruneReport> {
  const view = createLedgerView()
  const plan = planArtifacts(await view.refresh(db), request, now())
  const days = await eachOldDay(db, { digestDay }, { request, now, view }, (day) => countDay(db, day))
  const [artifacts, unfinished] = [await withSizes(store, plan.drop), await present(store, plan.recorded)]
  return { applied: false, ...days, artifacts, unfinished, kept: plan.kept }
}

async function applied(
  db: Database,
  { store, now, digestDay }: Parts,
  request: PruneRequest & Required<Pick<PruneRequest, 'apply'>>,
): Promise<PruneReport> {
  for (const [name, value] of Object.entries(request.apply)) {
    if (value.trim() === '')
      throw new SlipwayError('BadRequest', `--${name} is empty; dropping data needs it, and it is recorded`)
  }
  await requireOwner(db)
  const view = createLedgerView()
  const days = await eachOldDay(db, { digestDay }, { request, now, view }, (day) =>
    dropDay(db, { request, now, view }, day),
  )
  await dropOldMonths(db)
  return { applied: true, ...days, ...(await dropArtifacts({ db, store, now, view }, request)) }
}

async function requireOwner(db: Database): Promise<void> {
  const { rows } = await sql<{ owns: boolean; user: string }>`
    select pg_has_role(current_user, relowner, 'usage') as owns, current_user as "user"
    from pg_class where oid = 'decisions'::regclass`.execute(db)
  if (rows[0]?.owns) return
  throw new SlipwayError(
    'BadRequest',
    `user "${rows[0]?.user}" of the registry database may append but not drop; set SLIPWAY_DATABASE_URL to the user who owns the tables and run it again`,
  )
}
