/** The database of an installation. */
import pg from 'pg'
import type { ArtifactStore } from '../../registry/index.js'
import { openRegistry, type Registry } from '../../registry/index.js'
import { buildDay, buildOpenRun, DAYS_TO_CLOSE, OPEN } from './build-days.js'
import { buildLedger } from './build-ledger.js'
import { buildSignals } from './build-signals.js'
import { type Installation, install } from './installation.js'

export interface Size {
  readonly projects: number
  /** Finished runs, over all projects. */
  readonly runs: number
  /** Partitions of past days. */
  readonly days: number
  readonly rowsADay: number
  /** Operator actions that the open run has received. */
  readonly signals: number
}

export interface Place {
  /** URL of the database `postgres` of the server. */
  readonly server: string
  readonly home: string
  readonly artifacts: ArtifactStore
  readonly artifactsFolder: string
}

const urlOf = ({ server }: Place, name: string) => {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // Losing what was built costs a repetition only.
    await client.query('set synchronous_commit = off')
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The open run's decisions, which every installation begins as a copy of: they take longest to make. */
export async function buildBase(place: Place, name: string, openRows: number): Promise<void> {
  await connected(place.server, (admin) => admin.query(`create database ${name}`))
  const databaseUrl = urlOf(place, name)
  const registry = await openRegistry({ databaseUrl, artifactsFolder: place.artifactsFolder })
  await registry.close()
  await connected(databaseUrl, async (owner) => {
    await buildOpenRun(owner, openRows)
    await owner.query('vacuum analyze')
  })
}

export interface Built {
  readonly installation: Installation
  readonly registry: Registry
  readonly owner: pg.Client
  /** Of all ledgers. */
  readonly entries: number
  close(): Promise<void>
}

export async function buildInstallation(place: Place, base: string, name: string, size: Size): Promise<Built> {
  await connected(place.server, (admin) => admin.query(`create database ${name} template ${base}`))
  const databaseUrl = urlOf(place, name)
  const { artifacts, artifactsFolder } = place
  const registry = await openRegistry({ databaseUrl, artifactsFolder })
  const owner = new pg.Client({ connectionString: databaseUrl })
  // When a measurement fails, the server ends before this client: its own error would hide the first.
  owner.on('error', () => {})
  await owner.connect()
  await owner.query('set synchronous_commit = off')
  await buildLedger(owner, { ...size, looks: 10, lookSize: 4_000 })
  const installation = await install(registry, artifacts, place.home)
  await buildSignals(owner, OPEN, size.signals)
  const release = installation.releases[0]
  for (let ago = size.days + DAYS_TO_CLOSE; ago > DAYS_TO_CLOSE; ago -= 1)
    await buildDay(owner, { ago, rows: size.rowsADay, release })
  await registry.retention.closeDays()
  await owner.query('analyze')
  await owner.query('set synchronous_commit = on')
  const { rows } = await owner.query<{ n: string }>('select count(*) as n from chain_entries')
  const close = async () => {
    await owner.end()
    await registry.close()
  }
  return { installation, registry, owner, entries: Number(rows[0]?.n ?? 1), close }
}
