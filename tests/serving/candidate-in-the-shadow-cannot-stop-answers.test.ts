/** A candidate may compute for long, or end the process that scores it: production answers all the same. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Project } from '../../projects/project.js'
import { CONTINUES, INPUTS, project } from '../support/hard-to-score/index.js'
import { followsShadow, openShadow, shadowCounts, shadowRows, withCandidate } from './in-shadow.js'
import { ask, DECISIONS, type Gateway, openWorld, until, type World } from './support.js'

let world: World
afterEach(() => world?.stop())

type Kind = keyof typeof INPUTS
const request = (kind: Kind) => ask(`entity-${kind}`, { input: INPUTS[kind], decisionId: kind })
const answers = async (gateway: Gateway, kind: Kind) =>
  expect((await gateway.post(DECISIONS, request(kind))).status).toBe(200)

async function inShadow(projects: ReadonlyMap<string, Project>, problems: string[] = []): Promise<Gateway> {
  await openShadow(world)
  const onProblem = (text: string) => void problems.push(text)
  const gateway = await world.gateway({ projects, shadowThreads: true, shadowLimits: { busy: 1 }, onProblem })
  await followsShadow(gateway)
  return gateway
}

it('a candidate that computes without a pause: requests are answered before it has finished', async () => {
  world = await openWorld()
  const file = join(world.folder, 'continue')
  process.env[CONTINUES] = file
  const gateway = await inShadow(new Map([['toy', project]]))
  await answers(gateway, 'computes')
  await until('the candidate has the request', () => gateway.service.shadow('toy').depth === 0)
  // In the thread of the answers nothing would be answered until the file exists, which is written after the answer.
  await answers(gateway, 'scored')
  expect(await shadowRows(world)).toEqual([])
  writeFileSync(file, '')
  await until('both are stored', async () => (await shadowRows(world)).length === 2)
  await answers(gateway, 'throws')
  await until('it is stored', async () => (await shadowRows(world)).length === 3)
  expect((await shadowRows(world)).map(({ id, action }) => [id, action === 'scoring_failed'])).toEqual([
    ['computes~shadow', false],
    ['scored~shadow', false],
    ['throws~shadow', true],
  ])
})

it('a candidate that ends its thread: that request has failed, those beside it are scored', async () => {
  world = await openWorld()
  process.env[CONTINUES] = world.folder
  const problems: string[] = []
  const gateway = await inShadow(new Map([['toy', project]]), problems)
  await Promise.all((['scored', 'ends', 'computes'] as const).map((kind) => answers(gateway, kind)))
  await until('it is found which request ended the thread', () => problems.length > 0)
  await until('all are stored', async () => (await shadowRows(world)).length === 3)
  const failed = (await shadowRows(world)).filter(({ action }) => action === 'scoring_failed')
  expect(failed.map(({ id }) => id)).toEqual(['ends~shadow'])
  expect(await shadowCounts(gateway)).toEqual({ scored: 2, failed: 1 })
  expect(problems).toEqual(['a thread of the shadow of toy ended while it scored: code 3'])
  // The next one has a thread again.
  await gateway.post(DECISIONS, ask('entity-next', { input: INPUTS.scored, decisionId: 'next' }))
  await until('it is stored', async () => (await shadowRows(world)).length === 4)
})

it('a project that cannot be loaded in a thread is scored in the thread of the answers', async () => {
  world = await openWorld()
  const problems: string[] = []
  const folder = new URL('no-such-folder/', import.meta.url)
  const projects = withCandidate((inputs) => inputs.map(() => ({ probability: 0.5 })), { folder })
  const gateway = await inShadow(projects, problems)
  await answers(gateway, 'scored')
  await until('it is stored', async () => (await shadowRows(world)).length === 1)
  expect(await shadowCounts(gateway)).toEqual({ scored: 1, failed: 0 })
  expect(problems).toEqual([expect.stringContaining('the shadow of toy is scored in the thread of the answers')])
})

it('a gateway that stops while a candidate computes: the request is counted as shed', async () => {
  world = await openWorld()
  process.env[CONTINUES] = join(world.folder, 'never')
  const gateway = await inShadow(new Map([['toy', project]]))
  await answers(gateway, 'computes')
  await until('the candidate has the request', () => gateway.service.shadow('toy').depth === 0)
  await gateway.close()
  expect(await shadowCounts(gateway)).toEqual({ shed: 1 })
  expect(await shadowRows(world)).toEqual([])
})
