import { DAY_MS } from '../../contracts/duration.js'
import { project } from '../../projects/eta/index.js'

/** Bodies of requests for decisions: the flights of a day. */
export async function decisionBodies(): Promise<string[]> {
  const bodies: string[] = []
  const from = Date.parse('2001-03-12')
  for await (const { entityKey, input } of project.replay({ from, to: from + DAY_MS }))
    bodies.push(JSON.stringify({ entityKey, input }))
  return bodies
}
