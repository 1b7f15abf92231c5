import { createAliasMover } from './aliases/move.js'
import { createAliasReader } from './aliases/read.js'
import { createArtifactStore } from './artifacts/open-store.js'
import { createWithChain } from './chain/append.js'
import { createChainExport } from './chain/export.js'
import { createChainReader } from './chain/read.js'
import { createVerifier } from './chain/verify.js'
import { APP_ROLE, addressOf, connect, type Database } from './database/connect.js'
import { mayMigrate, migrate, requireMigrated } from './database/migrate.js'
import { ensureAppRole } from './database/roles.js'
import { readStatus } from './database/status.js'
import { toSlipwayError, withAddress } from './database/unavailable.js'
import { createDayCloser } from './days/close.js'
import { createCohortReader } from './evidence/cohorts.js'
import { createCorrectionReader } from './evidence/corrections.js'
import { createLabels } from './evidence/labels.js'
import { createMaturedReader } from './evidence/matured.js'
import { createEvidenceReader } from './evidence/read.js'
import { createEvidenceRecorder } from './evidence/record.js'
import { createValueReader } from './evidence/values.js'
import { createListener } from './exposure/listen.js'
import { createExposureReader } from './exposure/read.js'
import { createLanes } from './lanes.js'
import { createNotices } from './notices/undelivered.js'
import { createReleases } from './releases.js'
import { artifactState } from './retention/artifact-state.js'
import { prune } from './retention/prune.js'
import { createRunReader } from './runs/read.js'
import type { Registry } from './types.js'

export interface RegistryOptions {
  readonly databaseUrl: string
  readonly artifactsFolder: string
  /** Wall time in epoch ms, for entries that state no instant. */
  readonly now?: () => number
  /** Connections at most. */
  readonly poolSize?: number
}

/**
 * Connects, brings the database up to date and goes on as a role that may only read and append.
 * @throws SlipwayError Unavailable naming host and port when the database cannot be reached
 */
export async function openRegistry({
  databaseUrl,
  artifactsFolder,
  now = Date.now,
  poolSize = 8,
}: RegistryOptions): Promise<Registry> {
  const address = addressOf(databaseUrl)
  const roles = await prepare(databaseUrl).catch((error: unknown) => {
    throw toSlipwayError(error, address)
  })
  const db = connect(databaseUrl, { role: roles ? APP_ROLE : null, size: poolSize })
  const listener = createListener(databaseUrl)
  return withAddress({ ...assemble({ db, databaseUrl, artifactsFolder, now }), ...listener }, address)
}

/** As the URL's user: who owns the tables brings them up to date, anybody else finds them so. @returns whether processes may run as the lesser role */
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
  readonly now: () => number
}

function assemble({ db, databaseUrl, artifactsFolder, now }: Parts): Omit<Registry, 'listen'> {
  const withChain = createWithChain(db, now)
  const days = createDayCloser(db, withChain)
  const store = createArtifactStore(artifactsFolder)
  return {
    append: (entry) => withChain(entry.project, (chain) => chain.append(entry)),
    ...createChainReader(db),
    ...createReleases(db, withChain),
    ...createAliasMover(withChain),
    ...createAliasReader(db),
    ...createLanes(db, withChain),
    ...createRunReader(db),
    ...createNotices(db),
    ...createEvidenceRecorder(db),
    ...createCohortReader(db),
    ...createCorrectionReader(db),
    ...createValueReader(db),
    ...createMaturedReader(db),
    ...createEvidenceReader(db),
    ...createLabels(db),
    ...createExposureReader(db),
    ...days,
    verify: createVerifier(db, store, days.digestDay),
    ...createChainExport(db),
    artifactState: (digest, project) => artifactState(db, digest, project),
    prune: (request) => prune({ databaseUrl, store, now, ...days }, request),
    status: () => readStatus(db),
    close: () => db.destroy(),
  }
}
