import type { EntryKind, NewEntry } from '../contracts/ledger/index.js'
import { createAliasMover } from './aliases/move-aliases.js'
import { createAliasReader } from './aliases/read-aliases.js'
import { openNamedObjects } from './artifacts/named-objects.js'
import { createArtifactStore } from './artifacts/open-artifact-store.js'
import { ensureAppRole } from './database/app-role.js'
import { APP_ROLE, addressOf, connect, type Database } from './database/connect.js'
import { toSlipwayError, withAddress } from './database/database-errors.js'
import { mayMigrate, migrate, requireMigrated } from './database/migrate.js'
import { readStatus } from './database/read-status.js'
import { createCohortReader } from './evidence/cohorts.js'
import { createEntityReader } from './evidence/entity-sums.js'
import { createPairedReader } from './evidence/paired-sums.js'
import { createEvidenceReader } from './evidence/read-decisions.js'
import { createMaturedReader } from './evidence/read-matured.js'
import { createShadowReader } from './evidence/read-shadow.js'
import { createValueReader } from './evidence/read-values.js'
import { createEvidenceRecorder } from './evidence/record-evidence.js'
import { createSegmentReader } from './evidence/segment-days.js'
import { createStepHolder } from './exposure/hold-step.js'
import { createListener } from './exposure/listen-for-exposure.js'
import { createExposureReader } from './exposure/read-exposure.js'
import { createFleetReader } from './fleet/read-fleet.js'
import { createLabels } from './labels/add-labels.js'
import { createCorrectionCursor } from './labels/correction-cursor.js'
import { createCorrectionPages } from './labels/newest-corrections.js'
import { createEarlyPages } from './labels/newest-early-labels.js'
import { createCorrectionReader } from './labels/read-corrections.js'
import { createLabelReader } from './labels/read-labels.js'
import { createLane } from './lane/lane-queue.js'
import { createAppendEach, createWithLedger, databaseTime, type LedgerClock } from './ledger/append-entries.js'
import { createComparison } from './ledger/compare-ledger.js'
import { createLedgerExport } from './ledger/export-ledger.js'
import { createKeptActions } from './ledger/kept-actions.js'
import { createLedgerReader } from './ledger/read-ledger.js'
import { createHeadRecorder } from './ledger/record-heads.js'
import { createVerifier } from './ledger/verify-ledger.js'
import { createNotices } from './notices/undelivered.js'
import type { Registry } from './registry.js'
import { createReleases } from './releases/release-records.js'
import { artifactState } from './retention/artifact-state.js'
import { createDayCloser } from './retention/close-days.js'
import { createDayCover } from './retention/cover-days.js'
import { awaitRemovals } from './retention/hold-starts.js'
import { prune } from './retention/prune.js'
import type { PruneRequest } from './retention/retention-area.js'
import { createRunReader } from './runs/read-runs.js'

export interface RegistryOptions {
  readonly databaseUrl: string
  readonly artifactsFolder: string
  /** Wall time in epoch ms, for tests that have a clock of their own; absent: the database's. */
  readonly now?: () => number
  /** Largest number of connections. */
  readonly poolSize?: number
  /** A statement that takes longer fails, before its caller stops waiting for it. */
  readonly service?: boolean
}

/** Below the minute after which a registry activity is tried again. */
/** Entries that promise bytes: they are appended while nothing is being removed. */
const NEEDS_BYTES: ReadonlySet<EntryKind> = new Set<EntryKind>(['trigger', 'source'])

const SERVICE_STATEMENT_MS = 50_000

/**
 * Connects, migrates the database, and continues as a role that may only read and append.
 * @throws SlipwayError Unavailable naming host and port when the database cannot be reached
 */
export async function openRegistry({
  databaseUrl,
  artifactsFolder,
  now,
  poolSize = 8,
  service = false,
}: RegistryOptions): Promise<Registry> {
  const address = addressOf(databaseUrl)
  const roles = await prepare(databaseUrl).catch((error: unknown) => {
    throw toSlipwayError(error, address)
  })
  const db = connect(databaseUrl, {
    role: roles ? APP_ROLE : null,
    size: poolSize,
    ...(service ? { statementMs: SERVICE_STATEMENT_MS } : {}),
  })
  return assemble({ db, databaseUrl, artifactsFolder, now }, address)
}

/**
 * As the URL's user: the owner of the tables migrates them; another user requires them to be migrated.
 * @returns whether the runtime role can be used
 */
async function prepare(databaseUrl: string): Promise<boolean> {
  const owner = connect(databaseUrl, { role: null, size: 2 })
  try {
    if (!(await mayMigrate(owner))) await requireMigrated(owner)
    else await migrate(owner)
    return await ensureAppRole(owner)
  } finally {
    await owner.destroy()
  }
}

interface Parts {
  readonly db: Database
  readonly databaseUrl: string
  readonly artifactsFolder: string
  readonly now: LedgerClock
}

/** Each function of each area reports an unreachable database in the same way. */
function assemble({ db, databaseUrl, artifactsFolder, now }: Parts, address: string): Registry {
  const withLedger = createWithLedger(db, now)
  const withLedgerForStart = createWithLedger(db, now, awaitRemovals)
  const closer = createDayCloser(db, withLedger)
  const days = { ...closer, ...createDayCover(db, withLedger, closer.digestDay) }
  const store = createArtifactStore(artifactsFolder)
  const objects = openNamedObjects(artifactsFolder)
  const ledger = {
    append: <Kind extends EntryKind>(entry: NewEntry<Kind>) =>
      (NEEDS_BYTES.has(entry.kind) ? withLedgerForStart : withLedger)(entry.project, (locked) => locked.append(entry)),
    appendEach: createAppendEach(withLedger),
    time: async () => new Date(now?.() ?? (await databaseTime(db))).toISOString(),
    ...createLedgerReader(db),
    ...createKeptActions(db),
    verify: createVerifier({ db, store, objects, digestDay: days.digestDay }),
    ...createLedgerExport(db),
    ...createComparison(db),
    ...createHeadRecorder(db, objects),
  }
  const retention = {
    ...days,
    artifactState: (digest: string, project?: string) => artifactState(db, digest, project),
    prune: (request: PruneRequest) => prune({ databaseUrl, store, now, ...days }, request),
  }
  const named = <Area extends object>(area: Area): Area => withAddress(area, address)
  return {
    ledger: named(ledger),
    releases: named(createReleases(db, withLedger)),
    aliases: named({ ...createAliasMover(withLedger), ...createAliasReader(db) }),
    lane: named(createLane(db, withLedger)),
    runs: named(createRunReader(db)),
    fleet: named(createFleetReader(db)),
    evidence: named({
      ...createEvidenceRecorder(db),
      ...createEvidenceReader(db),
      ...createCohortReader(db),
      ...createEntityReader(db),
      ...createSegmentReader(db),
      ...createValueReader(db),
      ...createMaturedReader(db),
      ...createShadowReader(db),
      ...createPairedReader(db),
    }),
    labels: named({
      ...createLabels(db),
      ...createLabelReader(db),
      ...createCorrectionReader(db),
      ...createCorrectionCursor(db),
      ...createCorrectionPages(db),
      ...createEarlyPages(db),
    }),
    exposure: named({
      ...createExposureReader(db),
      ...createStepHolder(db, withLedger, now),
      ...createListener(databaseUrl),
    }),
    notices: named(createNotices(db)),
    retention: named(retention),
    ...named({ status: () => readStatus(db), close: () => db.destroy() }),
  }
}
