import { isDroppedDay } from '../../contracts/ledger/index.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

interface Needs {
  readonly registry: Pick<Registry, 'ledger'>
  readonly projects: ReadonlyMap<string, Project>
}

/**
 * For an id that is not found: its decision may have been dropped by policy, and the day it belongs to is dropped with
 * it. Names the last dropped day of each project; empty where none was dropped.
 */
export async function droppedText({ registry, projects }: Needs, project?: string): Promise<string> {
  const texts: string[] = []
  for (const name of project === undefined ? projects.keys() : [project]) {
    const newest = (await registry.ledger.entries(name, { kind: 'dropped', subject: 'days', newest: 1 })).at(-1)
    if (!newest || !isDroppedDay(newest.body)) continue
    const { day, tables } = newest.body
    const digests = tables.map(({ table, digest }) => `${table} ${digest}`).join(', ')
    texts.push(`decisions of ${name} up to ${day} were dropped by policy, the last on ${newest.at} (${digests})`)
  }
  return texts.length === 0 ? '' : `; it may never have existed, or have been dropped: ${texts.join('; ')}`
}
