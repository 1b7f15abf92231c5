import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Project } from '../../projects/project.js'
import { initProject } from '../../releases/init-project.js'
import { project as toy } from '../toy-project/index.js'
import { ask, DECISIONS, openWorld, type World } from './support.js'

let world: World
beforeAll(async () => {
  world = await openWorld({ own: true })
})
afterAll(() => world?.stop())

const named = (name: string, more: Partial<Project> = {}): Project => ({ ...(toy as Project), name, ...more })
const decisionsOf = (project: string) => `/v1/projects/${project}/decisions`

it('a project without init and one whose model cannot be read answer 503 by themselves; the service is ready', async () => {
  const unreadable = named('unreadable', {
    load: () => Promise.reject(new Error('the artifact cannot be read')),
  })
  await initProject({ ...world, workFolder: world.folder }, named('unreadable'), 'test')
  const projects = new Map([toy as Project, named('new'), unreadable].map((each) => [each.name, each]))
  const gateway = await world.gateway({ projects })
  const { status, body } = await gateway.get('/readyz')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    ready: true,
    registry: 'reachable',
    projects: [
      { project: 'toy', production: world.baseline, problem: null, lastKnownAliases: false },
      { project: 'new', production: null, problem: 'no production release; run: slipway project init new' },
      { project: 'unreadable', production: null, problem: expect.stringContaining('the artifact cannot be read') },
    ],
  })
  expect((await gateway.post(DECISIONS, ask('a'))).status).toBe(200)
  for (const project of ['new', 'unreadable']) {
    const refused = await gateway.post(decisionsOf(project), ask('a'))
    expect(refused).toMatchObject({ status: 503, body: { reason: 'no_release', project, status: 503 } })
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('retry-after')).not.toBeNull()
  }
  const { text } = (await gateway.get('/metrics')).body
  expect(text).toContain('slipway_project_ready{project="toy"} 1')
  expect(text).toContain('slipway_project_ready{project="new"} 0')
  await world.database.stop()
  await expect.poll(async () => (await gateway.get('/readyz')).body.registry, { timeout: 60_000 }).toBe('away')
  expect((await gateway.get('/readyz')).status).toBe(200)
  expect((await gateway.post(DECISIONS, ask('a'))).status).toBe(200)
})

it('a service that has never heard from the registry is not ready, and becomes so by itself', async () => {
  const gateway = await world.gateway()
  expect(await gateway.get('/readyz')).toMatchObject({ status: 503, body: { ready: false, registry: 'away' } })
  await world.database.start()
  await expect.poll(async () => (await gateway.get('/readyz')).status, { timeout: 60_000 }).toBe(200)
  expect((await gateway.post(DECISIONS, ask('a'))).status).toBe(200)
})
