import { afterAll, beforeAll, expect, it } from 'vitest'
import { PROJECTS_SHOWN } from '../../../console/fleet/fleet-data.js'
import { candidate, type Gateway, openCanary, openWorld, setWeight, type World } from '../../serving/support.js'
import { appendAnything } from '../../support/append-anything.js'
import { project } from '../../toy-project/index.js'
import { toyPolicy } from '../../toy-project/policy.js'

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway()
})
afterAll(() => world?.stop())

const pageAt = async (path = '/') => {
  const { status, headers, body } = await gateway.get(path)
  return { status, headers, text: String(body.text) }
}
const wordsOf = (page: string) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

it('production, candidate, share of traffic, next look and who acts are on one page', async () => {
  expect(wordsOf((await pageAt()).text)).toMatch(/toy production toy_v1 since \d{4}-.* UTC candidate none/)
  const { releaseId, workflowId } = await candidate(world, 0.3)
  await openCanary(world, { releaseId, workflowId }, 1_000)
  const words = wordsOf((await pageAt()).text)
  expect(words).toMatch(
    new RegExp(`candidate ${releaseId} canary traffic 10 % next look \\d{4}-\\d\\d-\\d\\d .* UTC acts next Slipway`),
  )
  expect(words).toContain('No release needs attention')
  await setWeight(world.registry, workflowId, 1, 5_000)
  expect(wordsOf((await pageAt()).text)).toContain('traffic 50 %')
})

it('a pause is named first, with its cause, and its text is shown and never interpreted', async () => {
  const workflowId = 'release/toy/0.3'
  const by = '<script>alert(1)</script>\u001b[31mred\u202eevil'
  const body = { id: 'p', action: 'pause', by, reason: 'storm', accepted: true, message: 'paused' }
  await appendAnything(world.registry, { project: 'toy', kind: 'operator_action', subject: workflowId, key: 'p', body })
  const { text, headers } = await pageAt()
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  for (const one of ['<script>', '\u001b', '\u202e']) expect(text).not.toContain(one)
  const words = wordsOf(text)
  expect(words).toContain('Needs attention: 1')
  expect(words.indexOf('Needs attention')).toBeLessThan(words.indexOf('1 project'))
  expect(words).toContain('an operator: resume or abort it')
  // Nothing that a text could smuggle in would run or load.
  const policy = headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  expect(text).not.toMatch(/<style|style="|<script(?! src="\/console\/console.js")|\son\w+=/)
})

it('very many projects come page by page, those that need a person first', async () => {
  const clock = { eventStart: 0, wallStart: 0, speed: 1 }
  const long = 'x'.repeat(5_000)
  const names = Array.from({ length: PROJECTS_SHOWN + 5 }, (_, index) => `many${String(index).padStart(3, '0')}`)
  for (const project of names) {
    const subject = `release/${project}/a`
    const body = { trigger: {}, policy: toyPolicy, clock }
    await appendAnything(world.registry, { project, kind: 'trigger', subject, key: 'trigger', body })
  }
  const last = names.at(-1) ?? ''
  const subject = `release/${last}/a`
  const paused = { workflowId: subject, phase: 'canary', judgement: { action: 'pause', reason: long } }
  await appendAnything(world.registry, { project: last, kind: 'judgement', subject, key: 'look', body: paused })
  const first = await pageAt('/')
  const second = await pageAt('/?page=2')
  const onPage = (page: string) => [...page.matchAll(/<h3><a href="\/projects\/([^"]+)"/g)].map(([, name]) => name)
  expect(onPage(first.text)).toHaveLength(PROJECTS_SHOWN)
  expect(onPage(first.text)).toContain(last)
  expect([...onPage(first.text), ...onPage(second.text)].sort()).toEqual([...names, 'toy'].sort())
  expect(first.text.length).toBeLessThan(60_000)
  expect(onPage((await pageAt('/?page=99')).text)).toEqual(onPage(second.text))
  expect(onPage((await pageAt('/?page=-1')).text)).toEqual(onPage(first.text))
})

it('many runs of one release come page by page, each once, under a link of its own name', async () => {
  const clock = { eventStart: 0, wallStart: 0, speed: 1 }
  const names = Array.from({ length: 120 }, (_, index) => `nightly-${index}`)
  for (const name of names) {
    const subject = `release/lots/${name}`
    const trigger = { trigger: {}, policy: toyPolicy, clock }
    await appendAnything(world.registry, { project: 'lots', kind: 'trigger', subject, key: `${name}/t`, body: trigger })
    const end = { releaseId: 'lots_v1', verdict: 'held', reason: 'cost_improves' }
    await appendAnything(world.registry, { project: 'lots', kind: 'verdict', subject, key: `${name}/v`, body: end })
  }
  const links: string[] = []
  let next: string | undefined = '/projects/lots'
  while (next !== undefined) {
    const { status, text } = await pageAt(next)
    expect(status).toBe(200)
    links.push(...[...text.matchAll(/<td[^>]*><a href="[^"]*"><bdi>([^<]*)</g)].map(([, name]) => name ?? ''))
    next = /rel="next" href="([^"]*)"/.exec(text)?.[1]
  }
  expect(links).toEqual(names.reverse())
})

it('the set-up of a project is shown step by step', async () => {
  const other = await world.gateway({
    projects: new Map([project, { ...project, name: 'fresh' }].map((one) => [one.name, one])),
  })
  const pages = async () => {
    const texts = await Promise.all(['/', '/?page=2'].map(async (path) => String((await other.get(path)).body.text)))
    return wordsOf(texts.join(' '))
  }
  expect(await pages()).toContain('fresh production none yet: its data are being imported')
  const body = { digest: 'sha256:0', manifest: {} }
  const subject = 'init/fresh'
  await appendAnything(world.registry, { project: 'fresh', kind: 'snapshot', subject, key: 'snapshot', body })
  const words = await pages()
  expect(words).toContain('fresh production none yet: its data are imported, its first release is being trained')
  expect(words).toMatch(/\d+ of \d+ projects have a release in production/)
})
