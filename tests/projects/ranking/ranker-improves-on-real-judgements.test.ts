import { afterAll, beforeAll, expect, it } from 'vitest'
import { project } from '../../../projects/ranking/index.js'
import { realData } from '../../support/real-data.js'
import { CUTOFF, evaluate, failedGates, liveDays, openShopFolder, type Shop } from './shop-folder.js'

const source = realData('ranking')
let shop: Shop
beforeAll(() => {
  shop = openShopFolder()
})
afterAll(() => shop.remove())

it.skipIf(source === undefined)('a ranker trained on judged queries is much better on other queries', async () => {
  if (source === undefined) return
  const generated = await shop.snapshot(shop.world({ perDay: 50 }))
  const production = await shop.baseline(generated)
  const snapshot = await shop.snapshot(source)
  expect(snapshot.snapshot.labelled).toBe(snapshot.snapshot.rows)
  const candidate = await shop.candidate(snapshot, { members: 1, epochs: 20 })
  const report = await evaluate(snapshot, candidate, production)
  expect(failedGates(report)).toEqual([])
  expect(report.metrics.candidate.ndcg10).toBeGreaterThan(0.6)
  expect(report.metrics.production.ndcg10).toBeLessThan(0.5)
  const [own, before] = [await liveDays(candidate, 1, { source }), await liveDays(production, 1, { source })]
  expect(own.loss).toBeLessThan(before.loss - 0.05)
  for await (const { input } of project.replay({ source, from: CUTOFF, to: CUTOFF + 3_600_000 })) {
    expect(project.inputSchema?.safeParse(input).error?.issues).toBeUndefined()
  }
})
