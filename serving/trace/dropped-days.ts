import { isDroppedDay } from '../../contracts/ledger/index.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

interface Needs {
  readonly registry: Pick<Registry, 'ledger'>
  readonly projects: ReadonlyMap<string, Project>
}

/**
 * For an id that is not found: it may have been written on a day that is dropped, and with the rows goes what said which day. Of
 * each project the last day that is gone; empty where none is.
 */
export async function droppedText({ registry, projects }: Needs, project?: string): Promise<string> {
  const texts: string[] = []
  for (const name of project === undefined ? projects.keys() : [project]) {
    const newest = (await registry.ledger.entries(name, { kind: 'dropped', subject: 'days' })).at(-1)
    if (!newest || !isDroppedDay(newest.body)) continue
    const { day, tables } = newest.body
    const digests = tables.map(({ table, digest }) => `${table} ${digest}`).join(', ')
    texts.push(`those of ${name} up to ${day} were dropped by policy, the last on ${newest.at} (${digests})`)
  }
  return texts.length === 0 ? '' : `; it may never have been, or be one of them: ${texts.join('; ')}`
}
