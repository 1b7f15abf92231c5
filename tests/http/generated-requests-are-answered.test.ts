/** Generated requests to a decision service with a registry: part of the cases of `npm run fuzz`. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { play } from '../fuzz/run.js'
import { requests } from '../fuzz/surfaces/requests.js'
import { type Gateway, openWorld, type World } from '../serving/support.js'

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway()
})
afterAll(() => world?.stop())

it('each is answered, and none with a fault of the service', { timeout: 3_600_000 }, async () => {
  const played = await play(requests(() => gateway))
  console.log(played)
  expect(played).toMatch(/ \d+ cases in .* \d+ taken, \d+ refused/)
  expect((await world.registry.ledger.verify()).problems).toEqual([])
})
