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
import { type Built, buildBase, buildInstallation, type Size } from './build.js'
import { project } from './installation.js'
import { operationsOf } from './operations.js'
import { openPages } from './page-operations.js'

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

type Name = keyof typeof SIZES
const NAMES = ['fresh', 'old'] as const

const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN

async function openGateway({ installation, registry, owner }: Built) {
  const { artifacts, folder } = installation
  const projects = new Map([[project.name, project]])
  const service = await startService({ registry, artifacts, projects, spoolFolder: join(folder, 'spool') })
  const pages = await openPages(service)
  const operations = { ...operationsOf(installation, service, owner), ...pages.operations }
  const close = async () => {
    await pages.close()
    await service.stop()
  }
  return { operations, close }
}

/**
 * Median milliseconds of each operation. Both installations take turns: what else runs on the machine slows both.
 * @param report is called after each operation
 */
async function measured(built: Record<Name, Built>, report: (operation: string, ms: Record<Name, number>) => void) {
  const gateways = {
    fresh: await openGateway(built.fresh),
    old: await openGateway(built.old),
  }
  try {
    for (const [what, { times }] of Object.entries(gateways.fresh.operations)) {
      const all: Record<Name, number[]> = { fresh: [], old: [] }
      for (let time = -1; time < times; time += 1)
        for (const name of NAMES) {
          const operation = gateways[name].operations[what]
          await operation?.prepare?.(time)
          const began = performance.now()
          await operation?.work(time)
          // The first compiles and fills caches.
          if (time >= 0) all[name].push(performance.now() - began)
          await operation?.after?.()
        }
      report(what, { fresh: median(all.fresh), old: median(all.old) })
    }
    const perEntry = { fresh: 0, old: 0 }
    for (const name of NAMES) {
      const began = performance.now()
      await built[name].registry.ledger.verify()
      perEntry[name] = (performance.now() - began) / built[name].entries
    }
    report('registry verify, per entry', perEntry)
  } finally {
    for (const name of NAMES) await gateways[name].close()
  }
}

try {
  const artifactsFolder = join(home, 'artifacts')
  const place = { server: postgres.url, home, artifactsFolder, artifacts: createArtifactStore(artifactsFolder) }
  await buildBase(place, 'base', OPEN_ROWS)
  say(`${OPEN_ROWS} decisions of the open run: built`)
  const built = {
    fresh: await buildInstallation(place, 'base', 'fresh', SIZES.fresh),
    old: await buildInstallation(place, 'base', 'old', SIZES.old),
  }
  say('both installations: built')
  const rows: { operation: string; freshMs: number; oldMs: number; ratio: number }[] = []
  print(`${'operation'.padEnd(40)} ${'fresh'.padStart(10)} ${'old'.padStart(10)} ${'old ÷ fresh'.padStart(12)}`)
  await measured(built, (operation, { fresh, old }) => {
    const ratio = old / fresh
    rows.push({ operation, freshMs: fresh, oldMs: old, ratio })
    const [before, after] = [fresh, old].map((ms) => ms.toFixed(3).padStart(10))
    const mark = ratio > TARGET ? `  above ${TARGET}` : ''
    print(`${operation.padEnd(40)} ${before} ${after} ${ratio.toFixed(2).padStart(12)}${mark}`)
  })
  for (const name of NAMES) await built[name].close()
  print(JSON.stringify({ scale: SCALE, openRows: OPEN_ROWS, sizes: SIZES, operations: rows }))
} finally {
  await postgres.stop()
  rmSync(home, { recursive: true, force: true })
}
