/**
 * `npm run bench:growth`: what each operation costs in an installation of a year, divided by its cost in a new one, on
 * one server in one run. SLIPWAY_BENCH_SCALE (1 by default) makes the old one smaller, such as .05. Prints a table, and
 * JSON as the last line.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../embedded/postgres-server.js'
import { openRegistry } from '../../registry/index.js'
import { buildDays, buildOpenRun, OPEN } from './build-days.js'
import { buildLedger } from './build-ledger.js'
import { type Operations, operationsOf } from './operations.js'

const SCALE = Number(process.env.SLIPWAY_BENCH_SCALE ?? 1)
const print = (text: string) => process.stdout.write(`${text}\n`)
const scaled = (count: number) => Math.max(1, Math.round(count * SCALE))

const home = mkdtempSync(join(tmpdir(), 'slipway-growth-'))
const postgres = await startPostgres({ home, onProgress: () => {} })

interface Size {
  readonly projects: number
  readonly runs: number
  readonly days: number
  readonly rowsADay: number
  readonly openRows: number
}

/** The open run has the same number of decisions in both: its looks must not depend on anything else. */
const openRows = scaled(1_000_000)
const SIZES: Record<'fresh' | 'old', Size> = {
  fresh: { projects: 1, runs: 2, days: 1, rowsADay: 100, openRows },
  old: { projects: scaled(100), runs: scaled(1_000), days: scaled(400), rowsADay: 500, openRows },
}

/** Median milliseconds of each operation. */
async function measured({ projects, runs, days, rowsADay, openRows: rows }: Size, name: string) {
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  const url = new URL(postgres.url)
  url.pathname = `/${name}`
  const registry = await openRegistry({ databaseUrl: url.href, artifactsFolder: join(home, 'artifacts') })
  const owner = new pg.Client({ connectionString: url.href })
  await owner.connect()
  try {
    await buildLedger(owner, { projects, runs, looks: 10, lookSize: 4_000 })
    await buildDays(owner, days, rowsADay)
    await buildOpenRun(owner, rows)
    const entries = (await owner.query<{ n: string }>('select count(*) as n from chain_entries')).rows[0]?.n ?? '1'
    await registry.retention.closeDays()
    const operations: Operations = operationsOf(registry, owner, OPEN)
    const costs: Record<string, number> = {}
    for (const [what, { times, work }] of Object.entries(operations)) {
      const all: number[] = []
      await work(-1)
      for (let time = 0; time < times; time += 1) {
        const began = performance.now()
        await work(time)
        all.push(performance.now() - began)
      }
      costs[what] = all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
    }
    const began = performance.now()
    await registry.ledger.verify()
    costs['registry verify, per entry'] = (performance.now() - began) / Number(entries)
    return costs
  } finally {
    await owner.end()
    await registry.close()
  }
}

try {
  // Otherwise the first database would also pay for what this process compiles.
  await measured({ ...SIZES.fresh, openRows: 1_000 }, 'warm')
  const fresh = await measured(SIZES.fresh, 'fresh')
  const old = await measured(SIZES.old, 'old')
  const rows = Object.keys(fresh).map((operation) => {
    const [before, after] = [fresh[operation] ?? 0, old[operation] ?? 0]
    return { operation, freshMs: before, oldMs: after, ratio: after / before }
  })
  print(`${'operation'.padEnd(40)} ${'fresh'.padStart(10)} ${'old'.padStart(10)} ${'old ÷ fresh'.padStart(12)}`)
  for (const { operation, freshMs, oldMs, ratio } of rows)
    print(
      `${operation.padEnd(40)} ${freshMs.toFixed(3).padStart(10)} ${oldMs.toFixed(3).padStart(10)} ${ratio.toFixed(2).padStart(12)}`,
    )
  print(JSON.stringify({ scale: SCALE, sizes: SIZES, operations: rows }))
} finally {
  await postgres.stop()
  rmSync(home, { recursive: true, force: true })
}
