/** Small files and small worlds for the tests of forecast, and what a release does with them. */
import { mkdtempSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { SnapshotManifest } from '../../../contracts/types.js'
import { dayNumber, dayText, weekdayOf } from '../../../projects/forecast/counts/history.js'
import { project } from '../../../projects/forecast/index.js'
import type { LoadedRelease, TrainRequest, TrainResult } from '../../../projects/project.js'

export const FIRST = dayNumber('2024-01-01')
export const HEADER = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country'
export const midnight = (iso: string): number => Date.parse(`${iso}T00:00:00Z`)

/** One folder a test file, removed with what is in it. */
export function testFolder(): {
  path(name: string): string
  write(name: string, text: string | Buffer): Promise<string>
} {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-forecast-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const path = (name: string) => join(folder, name)
  return {
    path,
    async write(name, text) {
      await writeFile(path(name), text)
      return path(name)
    },
  }
}

type Folder = ReturnType<typeof testFolder>

export const orderLine = (
  day: number,
  code: string,
  more: { invoice?: string; quantity?: number; price?: number } = {},
) => {
  const { invoice = `5${day}`, quantity = 1, price = 2.5 } = more
  return `${invoice},${code},"A ${code}, boxed",${quantity},${dayText(day)} 10:00,${price},17850,United Kingdom`
}

/** One line a day from Monday to Saturday, of each code: clean, and enough to be forecast. */
export const tidyLines = (days: number, codes: readonly string[] = ['A', 'B']): string[] =>
  Array.from({ length: days }, (_, index) => FIRST + index)
    .filter((day) => weekdayOf(day) !== 0)
    .flatMap((day) => codes.map((code) => orderLine(day, code, { invoice: `${day}${code}` })))

/** A world of the generator, in a file as a user would give it. */
export const smallWorld = (folder: Folder, world: Record<string, unknown> = {}): Promise<string> =>
  folder.write(
    `world-${Object.entries(world).flat().join('-')}.json`,
    JSON.stringify({ schema: 'forecast_world/1', series: 96, ...world }),
  )

export async function imported(folder: Folder, source: string, cutoff: string) {
  const outFolder = folder.path(`snapshot-${cutoff}-${source.replace(/\W/g, '_').slice(-60)}`)
  await rm(outFolder, { recursive: true, force: true })
  await mkdir(outFolder)
  const { manifest, dataFile } = await project.importSnapshot({ source, cutoff: midnight(cutoff), outFolder })
  const snapshot: SnapshotManifest = {
    ...manifest,
    schema: 'slipway.snapshot/1',
    project: 'forecast',
    data: `sha256:${'0'.repeat(64)}`,
  }
  return { snapshot, dataFile, outFolder }
}

type Imported = Awaited<ReturnType<typeof imported>>

/** Small enough for a test, large enough to beat the baseline. */
export const SMALL = { rows: 12_000, epochs: 4 } as const

/** @param name of the folder it works in, one a training */
export async function trained(
  { snapshot, dataFile, outFolder }: Imported,
  name: string,
  parameters: TrainRequest['parameters'] | 'baseline',
): Promise<LoadedRelease> {
  const out = join(outFolder, name)
  await mkdir(out)
  const request = { snapshot, dataFile, outFolder: out, checkpointFolder: join(out, 'checkpoint'), seed: 7 }
  const result: TrainResult =
    parameters === 'baseline'
      ? await project.baseline({ ...request, parameters: {} })
      : await project.train({ ...request, parameters }, () => {})
  const digit = (name.length % 10).toString()
  return {
    digest: `sha256:${digit.repeat(64)}`,
    featureVersion: result.featureVersion,
    actionPolicy: result.actionPolicy,
    artifact: await readFile(result.artifactFile),
  }
}

export const evaluated = ({ snapshot, dataFile }: Imported, candidate: LoadedRelease, production: LoadedRelease) =>
  project.evaluate({
    snapshot,
    snapshotDigest: `sha256:${'1'.repeat(64)}`,
    dataFile,
    candidate,
    production,
    gates: project.gates,
  })
