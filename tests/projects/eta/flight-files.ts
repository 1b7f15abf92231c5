/** Files of flights with a known truth, small enough to learn from in a second. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_MS, utcDay } from '../../../contracts/duration.js'
import { readRows } from '../../../projects/eta/flights/flight-rows.js'
import { project } from '../../../projects/eta/index.js'
import type { SnapshotDraft, TrainRequest } from '../../../projects/project.js'
import { chance } from '../../toy-project/data.js'

export const FIRST_DAY = Date.parse('2013-01-01T00:00:00Z')
export const DAYS = 28
const PER_DAY = 120
const LANES = ['JFK-LAX', 'JFK-BOS', 'LGA-ORD', 'EWR-MIA'] as const

export const at = (day: number, time = '00:00'): number => Date.parse(`${utcDay(FIRST_DAY + day * DAY_MS)}T${time}:00Z`)

/** Cells of `date, delay, distance, origin, destination`. */
export type Row = [string, number | string, number | string, string, string]

/** Evening flights and those to Chicago are late more often; the rest is chance, the same each time. */
export function flightsOf(days: number = DAYS): Row[] {
  return Array.from({ length: days }, (_, day) =>
    Array.from({ length: PER_DAY }, (_, index): Row => {
      const minute = Math.floor((index * 18 * 60) / PER_DAY) + 5 * 60
      const lane = LANES[Math.floor(chance(day, index, 'lane') * LANES.length)] as string
      const [origin, destination] = lane.split('-') as [string, string]
      const risk = 0.1 + (minute > 17 * 60 ? 0.3 : 0) + (destination === 'ORD' ? 0.2 : 0)
      const delay = chance(day, index, 'late') < risk ? 20 + index : Math.round(chance(day, index, 'early') * 20) - 10
      const time = new Date(at(day) + minute * 60_000).toISOString().slice(0, 16)
      return [time, delay, 700, origin, destination]
    }),
  ).flat()
}

export const HEADER = 'date,delay,distance,origin,destination'
export const csvOf = (rows: readonly (readonly (string | number)[])[], header = HEADER): string =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`

export interface Folder {
  readonly path: string
  write(name: string, content: string | Uint8Array): string
  /** What the project reads from a file as of a cutoff, with the rows it wrote. */
  snapshot(
    source: string | undefined,
    cutoff: number,
  ): Promise<SnapshotDraft & { rows: Awaited<ReturnType<typeof readRows>> }>
  /** For training on a snapshot. */
  request(draft: SnapshotDraft, parameters?: TrainRequest['parameters']): TrainRequest
  remove(): void
}

export function openFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'slipway-eta-'))
  let count = 0
  const fresh = () => {
    count += 1
    const folder = join(path, `out-${count}`)
    mkdirSync(folder)
    return folder
  }
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      writeFileSync(file, content)
      return file
    },
    async snapshot(source, cutoff) {
      const where = source === undefined ? {} : { source }
      const draft = await project.importSnapshot({ ...where, cutoff, outFolder: fresh() })
      return { ...draft, rows: await readRows(draft.dataFile) }
    },
    request({ manifest, dataFile }, parameters = {}) {
      const snapshot = { ...manifest, schema: 'slipway.snapshot/1' as const, project: 'eta', data: NO_DIGEST }
      const outFolder = fresh()
      return { snapshot, dataFile, outFolder, checkpointFolder: join(outFolder, 'checkpoint'), seed: 1, parameters }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** A snapshot outside a registry has no artifact. */
const NO_DIGEST = `sha256:${'0'.repeat(64)}`
