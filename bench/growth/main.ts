/**
 * `npm run bench:growth`: what each operation costs in an installation of a year, divided by its cost in a new one, on
 * one server in one run. SLIPWAY_BENCH_SCALE (1 by default) makes the old one smaller, such as .05. Prints a table, and
 * JSON as the last line.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../embedded/postgres-server.js'
import { createArtifactStore } from '../../registry/index.js'
import { startService } from '../../serving/index.js'
import { type Built, buildBase, buildInstallation, type Place, type Size } from './build.js'
import { project } from './installation.js'
import { operationsOf } from './operations.js'

const SCALE = Number(process.env.SLIPWAY_BENCH_SCALE ?? 1)
const TARGET = 2
const print = (text: string) => process.stdout.write(`${text}\n`)
const begun = performance.now()
const say = (text: string) => process.stderr.write(`  ${((performance.now() - begun) / 1_000).toFixed(0)} s: ${text}\n`)
const scaled = (count: number) => Math.max(1, Math.round(count * SCALE))

const home = mkdtempSync(join(tmpdir(), 'slipway-growth-'))
const postgres = await startPostgres({ home, onProgress: () => {} })

/** The open run has the same number of decisions in both: its looks must not depend on anything else. */
const OPEN_ROWS = scaled(1_000_000)
const SIZES: Record<'fresh' | 'old', Size> = {
  fresh: { projects: 1, runs: 2, days: 8, rowsADay: 500, signals: 10 },
  old: {
    projects: scaled(100),
    runs: scaled(1_000),
    days: Math.max(8, scaled(400)),
    rowsADay: 500,
    signals: scaled(10_000),
  },
}

/** Median milliseconds of each operation. */
async function measured({ installation, registry, owner, entries }: Built, { days }: Size) {
  const { artifacts, folder } = installation
  const gateway = {
    registry,
    artifacts,
    projects: new Map([[project.name, project]]),
    spoolFolder: join(folder, 'spool'),
  }
  const service = await startService(gateway)
  try {
    const costs: Record<string, number> = {}
    for (const [what, { times, prepare, work, after }] of Object.entries(
      operationsOf(installation, service, owner, days),
    )) {
      const all: number[] = []
      for (let time = -1; time < times; time += 1) {
        await prepare?.(time)
        const began = performance.now()
        await work(time)
        // The first compiles and fills caches.
        if (time >= 0) all.push(performance.now() - began)
        await after?.()
      }
      costs[what] = all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
      say(`${what}: ${costs[what]?.toFixed(1)} ms`)
    }
    const began = performance.now()
    await registry.ledger.verify()
    costs['registry verify, per entry'] = (performance.now() - began) / entries
    return costs
  } finally {
    await service.stop()
  }
}

async function costsOf(place: Place, base: string, name: string, size: Size) {
  const built = await buildInstallation(place, base, name, size)
  say(`${name}: built`)
  try {
    return await measured(built, size)
  } finally {
    await built.close()
  }
}

try {
  const artifactsFolder = join(home, 'artifacts')
  const place = { server: postgres.url, home, artifactsFolder, artifacts: createArtifactStore(artifactsFolder) }
  // Otherwise the first database would also pay for what this process compiles.
  await buildBase(place, 'small', 1_000)
  await costsOf(place, 'small', 'warm', SIZES.fresh)
  await buildBase(place, 'base', OPEN_ROWS)
  say(`${OPEN_ROWS} decisions of the open run: built`)
  const fresh = await costsOf(place, 'base', 'fresh', SIZES.fresh)
  const old = await costsOf(place, 'base', 'old', SIZES.old)
  const rows = Object.keys(fresh).map((operation) => {
    const [freshMs, oldMs] = [fresh[operation] ?? 0, old[operation] ?? 0]
    return { operation, freshMs, oldMs, ratio: oldMs / freshMs }
  })
  print(`${'operation'.padEnd(40)} ${'fresh'.padStart(10)} ${'old'.padStart(10)} ${'old ÷ fresh'.padStart(12)}`)
  for (const { operation, freshMs, oldMs, ratio } of rows)
    print(
      `${operation.padEnd(40)} ${freshMs.toFixed(3).padStart(10)} ${oldMs.toFixed(3).padStart(10)} ${ratio.toFixed(2).padStart(12)}${ratio > TARGET ? `  above ${TARGET}` : ''}`,
    )
  print(JSON.stringify({ scale: SCALE, openRows: OPEN_ROWS, sizes: SIZES, operations: rows }))
} finally {
  await postgres.stop()
  rmSync(home, { recursive: true, force: true })
}
