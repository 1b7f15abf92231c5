import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PromotionPolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { eventually } from '../support/steer.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { ask, candidate, DECISIONS, inputOf, openCanary, openWorld, type World, weighs } from './support.js'

const policy: PromotionPolicy = {
  ...toyPolicy,
  schema: 'slipway.policy/2',
  judge: { ...toyPolicy.judge, failureLoss: 5 },
  segments: {
    onHarm: 'hold',
    of: [{ name: 'x is 1', where: [{ field: 'x', in: [1] }] }, { name: 'even' }],
  },
}
/** Its function cannot tell the segment of an input with z 1. */
const segmented: Project = {
  ...(project as Project),
  segments: {
    names: ['even'],
    of(input) {
      const { x, z } = input as { x: number; z: number }
      if (z === 1) throw new RangeError('no segment')
      return x % 2 === 0 ? ['even'] : []
    },
  },
}

let world: World
beforeAll(async () => {
  world = await openWorld({ own: true })
})
afterAll(() => world?.stop())

async function segmentsOf(decisionId: string): Promise<string[] | null | undefined> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    const found = await client.query('select segments from decisions where decision_id = $1', [decisionId])
    return (found.rows[0] as { segments: string[] | null } | undefined)?.segments
  } finally {
    await client.end()
  }
}

it('by fields, by the function of the project, unknown where it throws, also from a spool; none outside a run', async () => {
  const gateway = await world.gateway({ projects: new Map([['toy', segmented]]) })
  const post = async (decisionId: string, x: number, z: number) => {
    const { status } = await gateway.post(DECISIONS, ask(decisionId, { decisionId, input: { x, z } }))
    expect(status).toBe(200)
  }
  await post('before', 1, 0)
  expect(await segmentsOf('before')).toBeNull()
  const run = await candidate(world, 0.9)
  await openCanary(world, run, 5_000, { ...inputOf(run.workflowId), policy })
  await weighs(gateway, 5_000)
  await post('one', 1, 0)
  await post('even', 0, 0)
  await post('throws', 1, 1)
  expect(await segmentsOf('one')).toEqual(['x is 1'])
  expect(await segmentsOf('even')).toEqual(['even'])
  expect(await segmentsOf('throws')).toEqual(['x is 1', 'unknown'])
  await world.database.stop()
  await post('spooled', 0, 0)
  await world.database.start()
  await eventually('the spooled decision', async () => (await segmentsOf('spooled').catch(() => null)) != null)
  expect(await segmentsOf('spooled')).toEqual(['even'])
})

it('a policy of version 2 without segments has those of the project, with hold', () => {
  const at = new Date().toISOString()
  const start = (of: Project, given: PromotionPolicy) =>
    releaseInputOf({ project: of, policy: given, id: 'a', kind: 'cli', by: 'test', at, cutoff: at, parameters: {} })
      .policy
  const { segments: _segments, ...silent } = policy
  expect(start(segmented, silent).segments).toEqual({ onHarm: 'hold', of: [{ name: 'even' }] })
  expect(start(segmented, { ...silent, segments: { onHarm: 'hold', of: [] } }).segments?.of).toEqual([])
  expect(start(segmented, policy)).toEqual(policy)
  expect(start(segmented, toyPolicy)).toEqual(toyPolicy)
  expect(start(project as Project, silent)).toEqual(silent)
  expect(() => start(project as Project, policy)).toThrow(/segment "even" has no "where", and project toy has none/)
})
