/** Small folders of drawn parcels, and what the tests ask of them. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { snapshotManifest } from '../../../contracts/schemas/index.js'
import type { SnapshotManifest } from '../../../contracts/types.js'
import type { TrainRequest } from '../../../projects/project.js'
import { fileOf } from '../../../projects/vision/generator/draw-photo.js'
import { type Scene, scenesBetween } from '../../../projects/vision/generator/scenes.js'
import { importSnapshot } from '../../../projects/vision/snapshot.js'

const folders: string[] = []
export const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'slipway-vision-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
})

export const FROM = Date.parse('2026-02-02T00:00:00Z')
/** Long after every review. */
export const CUTOFF = FROM + 30 * DAY_MS

export interface LabelLine {
  readonly file: string
  readonly shipment: string
  readonly source: string
  readonly taken_at: string
  readonly damaged: string
  readonly usable?: string
  readonly reviewed_at?: string
  readonly split?: string
}

export const lineOf = ({ file, shipment, dock, takenAt, damaged, usable, knownAt }: Scene): LabelLine => ({
  file,
  shipment,
  source: dock.name,
  taken_at: new Date(takenAt).toISOString(),
  damaged: knownAt === null ? '' : String(damaged),
  usable: String(usable),
  reviewed_at: knownAt === null ? '' : new Date(knownAt).toISOString(),
})

/** The first photos that could be read, of whole days from FROM on. */
export const goodScenes = (count: number): Scene[] =>
  scenesBetween(FROM, FROM + 10 * DAY_MS)
    .filter(({ defect, knownAt }) => defect === null && knownAt !== null)
    .slice(0, count)

export function writeLabels(path: string, lines: readonly LabelLine[]): void {
  const columns = ['file', 'shipment', 'source', 'taken_at', 'damaged', 'usable', 'reviewed_at', 'split'] as const
  const rows = lines.map((line) => columns.map((column) => line[column] ?? '').join(','))
  writeFileSync(join(path, 'labels.csv'), `${[columns.join(','), ...rows].join('\n')}\n`)
}

export async function writePhotos(path: string, scenes: readonly Scene[]): Promise<void> {
  for (const scene of scenes) put(path, scene.file, await fileOf(scene))
}

export function put(path: string, file: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(path, file)), { recursive: true })
  writeFileSync(join(path, file), bytes)
}

export async function parcelFolder(scenes: readonly Scene[]): Promise<string> {
  const path = folder()
  await writePhotos(path, scenes)
  writeLabels(path, scenes.map(lineOf))
  return path
}

export interface Imported {
  readonly snapshot: SnapshotManifest
  readonly dataFile: string
}

export async function importFolder(source: string | undefined, cutoff = CUTOFF): Promise<Imported> {
  const draft = await importSnapshot({ cutoff, outFolder: folder(), ...(source === undefined ? {} : { source }) })
  const data = `sha256:${'0'.repeat(64)}`
  const parts = { schema: 'slipway.snapshot/1', project: 'vision', data }
  return { snapshot: snapshotManifest.parse({ ...parts, ...draft.manifest }), dataFile: draft.dataFile }
}

export const trainRequest = (
  imported: Imported,
  parameters: TrainRequest['parameters'] = {},
  checkpointFolder = folder(),
): TrainRequest => ({ ...imported, outFolder: folder(), checkpointFolder, seed: 7, parameters })

/** The folder of real photos; null, with a printed reason, where there is none. CI must have it. */
export function magneticTiles(): string | null {
  const data = process.env.SLIPWAY_TEST_DATA
  const path = data && join(data, 'vision', 'magnetic-tile')
  if (path && existsSync(path)) return path
  if (process.env.CI) throw new Error(`SLIPWAY_TEST_DATA (${data ?? 'unset'}) has no vision/magnetic-tile`)
  console.warn('skipped: SLIPWAY_TEST_DATA names no folder with vision/magnetic-tile')
  return null
}
