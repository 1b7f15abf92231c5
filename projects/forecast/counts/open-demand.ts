/** Opens demand: the generator's world, or a user's file in one of two shapes. */
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { SnapshotManifest } from '../../../contracts/types.js'
import { badFile, headOf } from '../../kit/csv-file.js'
import { hashFile } from '../../kit/hash-file.js'
import type { SourceProblems } from '../../project.js'
import { generate } from '../generator/generate-demand.js'
import { describeWorld, isWorldFile, readWorldFile } from '../generator/world-file.js'
import type { Counted } from './counted.js'
import { countDaily, DAILY_COUNT_COLUMNS } from './daily-counts.js'
import { openCsv, WANTED } from './demand-csv.js'
import { countOrderLines, ORDER_LINE_COLUMNS } from './order-lines.js'

export interface Demand extends Counted {
  readonly name: string
  readonly files: SnapshotManifest['source']['files']
  /** The world has counts for any day; a file ends somewhere. */
  readonly endless: boolean
}

const SHAPES = [
  { name: 'order lines', columns: ORDER_LINE_COLUMNS, count: countOrderLines },
  { name: 'daily counts', columns: DAILY_COUNT_COLUMNS, count: countDaily },
] as const

/**
 * @param source a user's file, or a file that describes a world; the default world when absent
 * @param until a day number: rejected rows are counted on the days before it
 * @throws SlipwayError BadData naming what is wrong with the file, where, and what to do
 */
export async function openDemand(
  source: string | undefined,
  until: number,
  problems?: SourceProblems,
): Promise<Demand> {
  if (source === undefined) return ofWorld(describeWorld({}), 'seeded generator')
  const head = await headOf(source, WANTED)
  if (isWorldFile(head)) return ofWorld(await readWorldFile(source), `generator, ${basename(source)}`)
  const file = await openCsv(source, head)
  const counted = await shapeOf(file.columns, file.name).count(file, until, problems)
  return { ...counted, name: file.name, files: [{ name: file.name, ...(await hashFile(source)) }], endless: false }
}

function ofWorld(world: ReturnType<typeof describeWorld>, name: string): Demand {
  const { history, sha256, bytes } = generate(world)
  return { history, rejected: [], name, files: [{ name: 'world.json', sha256, bytes }], endless: true }
}

function shapeOf(columns: readonly string[], file: string): (typeof SHAPES)[number] {
  const missing = ({ columns: required }: (typeof SHAPES)[number]) => required.filter((name) => !columns.includes(name))
  const nearest = [...SHAPES].sort((a, b) => missing(a).length - missing(b).length)[0] as (typeof SHAPES)[number]
  const lacking = missing(nearest)
  if (lacking.length === 0) return nearest
  const shapes = SHAPES.map((shape) => `${shape.columns.join(', ')} (${shape.name})`).join(' or ')
  const problem = `has columns ${columns.slice(0, 12).join(', ')} and lacks ${lacking.join(', ')}`
  throw badFile(file, `${problem}; give it the columns ${shapes}`)
}

/** Cache of one source. Replay asks for one day after the other. */
let kept: { key: string; demand: Promise<Demand> } | undefined

export async function keptDemand(source: string | undefined): Promise<Demand> {
  const info = source === undefined ? undefined : await stat(source).catch(() => undefined)
  const key = `${source ?? ''}:${info?.mtimeMs ?? ''}:${info?.size ?? ''}`
  if (kept?.key !== key) {
    const demand = openDemand(source, 0)
    kept = { key, demand }
    demand.catch(() => {
      kept = undefined
    })
  }
  return kept.demand
}
