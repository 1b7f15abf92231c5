/** Whatever a candidate does in the shadow, the caller gets the answer of production, and in its time. */
import { afterEach, expect, it } from 'vitest'
import { isShadowed } from '../../exposure/shadow.js'
import { hashEntity } from '../../exposure/split.js'
import { followsShadow, openShadow, SHADOWED, shadowCounts, shadowRows, withCandidate } from './in-shadow.js'
import { ask, DECISIONS, type Gateway, openWorld, until, type World } from './support.js'

let world: World
afterEach(() => world?.stop())

async function inShadow(
  options: Parameters<World['gateway']>[0] = {},
  share?: number,
): Promise<{ gateway: Gateway; candidate: string }> {
  world = await openWorld()
  const candidate = await openShadow(world, share)
  const gateway = await world.gateway({ shadowLimits: { busy: 1 }, ...options })
  await followsShadow(gateway)
  return { gateway, candidate }
}

const counted = (gateway: Gateway, result: string, most: number) =>
  until(`${most} ${result}`, async () => (await shadowCounts(gateway))[result] === most)

const answers = (gateway: Gateway, ids: readonly string[]) =>
  Promise.all(ids.map((id) => gateway.post(DECISIONS, ask(`entity-${id}`, { decisionId: id }))))

it('a candidate with another action: production answers, and the shadow has rows of its own', async () => {
  const { gateway, candidate } = await inShadow()
  for (const { status, body } of await answers(gateway, ['a', 'b', 'c']))
    expect({ status, body }).toMatchObject({ status: 200, body: { arm: 'production', releaseId: world.baseline } })
  const fresh = await gateway.post(DECISIONS, ask('entity-d'))
  await counted(gateway, 'scored', 4)
  const rows = await shadowRows(world)
  expect(rows.map(({ id }) => id).sort()).toEqual(
    ['a', 'b', 'c', String(fresh.body.decisionId)].map((id) => `${id}~shadow`).sort(),
  )
  for (const row of rows)
    expect(row).toMatchObject({ release: candidate, workflow: SHADOWED, action: 'none', weight: 0 })
  expect(fresh.body.action).toBe('warn')
  // The same request again, as after a lost answer.
  await answers(gateway, ['a'])
  await counted(gateway, 'scored', 5)
  expect(await shadowRows(world)).toHaveLength(4)
})

it('a candidate that throws, or answers what is no number: every caller is answered, every failure is recorded', async () => {
  const score = (inputs: readonly unknown[]) =>
    inputs.map((input) => {
      if ((input as { x: number }).x === 1) throw new Error('the candidate cannot score this')
      return { probability: Number.NaN }
    })
  const { gateway } = await inShadow({ projects: withCandidate(score) })
  for (const x of [0, 1]) {
    const { status, body } = await gateway.post(DECISIONS, ask('e', { input: { x, z: 0 } }))
    expect({ status, body }).toMatchObject({ status: 200, body: { arm: 'production' } })
  }
  await counted(gateway, 'failed', 2)
  for (const row of await shadowRows(world)) expect(row).toMatchObject({ action: 'scoring_failed', output: {} })
  const trace = await gateway.get(`/v1/decisions/${(await shadowRows(world))[0]?.id}/trace`)
  const links = trace.body.links as { name: string; status: string }[]
  expect(links.find(({ name }) => name === 'output')).toMatchObject({ status: 'absent' })
})

it('a candidate that never answers: it fails after a while, and the next request is scored', async () => {
  let calls = 0
  const score = (inputs: readonly unknown[]) => {
    calls += 1
    return calls === 1 ? new Promise<never>(() => {}) : inputs.map(() => ({ probability: 0.5 }))
  }
  const { gateway } = await inShadow({ projects: withCandidate(score), shadowLimits: { busy: 1, scoringMs: 50 } })
  expect((await answers(gateway, ['a', 'b'])).map(({ status }) => status)).toEqual([200, 200])
  await counted(gateway, 'failed', 1)
  await counted(gateway, 'scored', 1)
})

it('the id of a shadow decision cannot be used to get its output', async () => {
  const { gateway } = await inShadow()
  await answers(gateway, ['a'])
  await counted(gateway, 'scored', 1)
  const again = await gateway.post(DECISIONS, ask('entity-a', { decisionId: 'a~shadow' }))
  expect(again).toMatchObject({ status: 409, body: { detail: expect.stringContaining('is taken') as string } })
})

it('only the share of the entities is scored in the shadow, and the same ones each time', async () => {
  const { gateway } = await inShadow({}, 3_000)
  const keys = Array.from({ length: 200 }, (_, index) => `entity-${index}`)
  const round = async () => {
    for (const key of keys) await gateway.post(DECISIONS, ask(key))
  }
  const chosen = keys.filter((key) => isShadowed(hashEntity(SHADOWED, key), 3_000)).length
  expect(chosen).toBeGreaterThan(30)
  expect(chosen).toBeLessThan(90)
  await round()
  await counted(gateway, 'scored', chosen)
  await round()
  await counted(gateway, 'scored', 2 * chosen)
})
