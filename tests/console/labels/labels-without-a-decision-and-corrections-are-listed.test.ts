import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, DECISIONS, type Gateway, OUTCOMES, openWorld, until, type World } from '../../serving/support.js'

const PAGE = '/projects/toy/labels'
const LONG = `<b>${'long '.repeat(30)}`

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway()
})
afterAll(() => world?.stop())

const text = async (at: string) => String((await gateway.get(at)).body.text)
const words = async (at = PAGE) => (await text(at)).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
const deliver = (decisionId: string, label: number, observedAt = new Date().toISOString()) =>
  gateway.post(OUTCOMES, [{ decisionId, label, observedAt }])

it('a project without labels says so', async () => {
  const page = await words()
  expect(page).toContain('No look has counted labels yet')
  expect(page).toContain('None: each label found its decision.')
  expect(page).toMatch(/Corrected labels None since \d{4}-/)
  expect(await text('/projects/toy')).toContain(`href="${PAGE}"`)
  expect((await gateway.get('/projects/none/labels')).status).toBe(404)
})

it('unjoined, early and corrected labels are counted apart, each with the trace of its decision', async () => {
  await deliver('comes later', 1)
  await deliver(LONG, 1)
  await gateway.post(DECISIONS, ask('a', { decisionId: 'comes later' }))
  await gateway.post(DECISIONS, ask('b', { decisionId: '..' }))
  const at = Date.now()
  await deliver('..', 0, new Date(at).toISOString())
  await deliver('..', 1, new Date(at + 60_000).toISOString())
  await until('the early label is joined', async () => (await words()).includes('1 early'))
  const page = await words()
  expect(page).toContain('1 unjoined , whose decision has not arrived; 1 early')
  expect(page).toMatch(/comes later early: its decision is of \d{4}-\d\d-\d\d 1/)
  expect(page).toMatch(/Corrected labels 1 since/)
  expect(page).toMatch(/\.\. – 2 0 → 1 \S+ → \S+ 1 min/)
  const source = await text(PAGE)
  expect(source).toContain('<bdi>&lt;b&gt;long')
  expect(source).not.toContain(LONG)
  const [, href = ''] = /href="(\/v1\/decisions\/trace\?id=\.\.&amp;project=toy)"/.exec(source) ?? []
  const trace = await fetch(`${gateway.url}${href.replace('&amp;', '&')}`, { headers: { accept: 'text/html' } })
  expect([trace.status, await trace.text()]).toEqual([200, expect.stringContaining('Decision <bdi>..</bdi>')])
  // A person who asks for an unknown decision gets a page, a program a problem document.
  const asked = `${gateway.url}/v1/decisions/trace?id=none&project=toy`
  const unknown = await fetch(asked, { headers: { accept: 'text/html' } })
  expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('<h1>Not found</h1>')])
  expect([(await fetch(asked)).status, await (await fetch(asked)).json()]).toEqual([404, expect.objectContaining({})])
})

it('a page in the middle of a list, and one that begins at no place', async () => {
  const all = Array.from({ length: 60 }, (_, index) => ({
    decisionId: `unknown ${index}`,
    label: 1,
    observedAt: new Date().toISOString(),
  }))
  await gateway.post(OUTCOMES, all)
  const [, older = ''] = /href="([^"]*\?early=[^"]*)#early"/.exec(await text(PAGE)) ?? []
  const [first, second] = [await words(), await words(older.replaceAll('&amp;', '&'))]
  const shown = (page: string) => [...page.matchAll(/unknown \d+/g)].map(([id]) => id)
  expect(shown(first)).toHaveLength(50)
  expect(new Set([...shown(first), ...shown(second)]).size).toBe(60)
  for (const query of ['early=x&corrected=x', `corrected=${'9'.repeat(400)}`, 'early=2026-01-01%2F0%2F0'])
    expect((await gateway.get(`${PAGE}?${query}`)).status).toBe(200)
  expect(await words(`${PAGE}?early=2026-01-01%2F0%2F0`)).toContain('None in this part.')
})
