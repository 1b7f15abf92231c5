/** Where demand comes from: the generator's world, or a file of the user's in one of two shapes. */
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { SnapshotManifest } from '../../../contracts/types.js'
import { describeWorld, isWorldFile, readWorldFile } from '../generator/description.js'
import { generate } from '../generator/generate.js'
import type { Counted } from './counted.js'
import { countDaily, DAILY_COUNT_COLUMNS } from './daily-counts.js'
import { countOrderLines, ORDER_LINE_COLUMNS } from './order-lines.js'
import { badFile, hashFile, headOf, openCsv } from './read-csv.js'

export interface Source extends Counted {
  readonly name: string
  readonly files: SnapshotManifest['source']['files']
  /** The world is asked about any day; a file ends somewhere. */
  readonly endless: boolean
}

const SHAPES = [
  { name: 'order lines', columns: ORDER_LINE_COLUMNS, count: countOrderLines },
  { name: 'daily counts', columns: DAILY_COUNT_COLUMNS, count: countDaily },
] as const

/** @throws SlipwayError BadData naming what is wrong with the file, where, and the way out */
export async function openSource(path: string | undefined, until: number): Promise<Source> {
  if (path === undefined) return ofWorld(describeWorld({}), 'seeded generator')
  const head = await headOf(path)
  if (isWorldFile(head)) return ofWorld(await readWorldFile(path), `generator, ${basename(path)}`)
  const file = await openCsv(path, head)
  const counted = await shapeOf(file.columns, file.name).count(file, until)
  return { ...counted, name: file.name, files: [{ name: file.name, ...(await hashFile(path)) }], endless: false }
}

function ofWorld(world: ReturnType<typeof describeWorld>, name: string): Source {
  const { history, sha256, bytes } = generate(world)
  return { history, rejected: [], name, files: [{ name: 'world.json', sha256, bytes }], endless: true }
}

function shapeOf(columns: readonly string[], file: string): (typeof SHAPES)[number] {
  const missing = ({ columns: wanted }: (typeof SHAPES)[number]) => wanted.filter((name) => !columns.includes(name))
  const nearest = [...SHAPES].sort((a, b) => missing(a).length - missing(b).length)[0] as (typeof SHAPES)[number]
  const lacking = missing(nearest)
  if (lacking.length === 0) return nearest
  throw badFile(
    file,
    `has columns ${columns.slice(0, 12).join(', ')} and lacks ${lacking.join(', ')}; give it the columns ${SHAPES.map((shape) => `${shape.columns.join(', ')} (${shape.name})`).join(' or ')}`,
  )
}

/** One source, kept while its days are replayed one after the other. */
let kept: { key: string; source: Promise<Source> } | undefined

export async function keptSource(path: string | undefined): Promise<Source> {
  const info = path === undefined ? undefined : await stat(path).catch(() => undefined)
  const key = `${path ?? ''}:${info?.mtimeMs ?? ''}:${info?.size ?? ''}`
  if (kept?.key !== key) {
    const source = openSource(path, 0)
    kept = { key, source }
    source.catch(() => {
      kept = undefined
    })
  }
  return kept.source
}
