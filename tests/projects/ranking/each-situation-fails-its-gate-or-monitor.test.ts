/** What goes wrong in a shop, and who finds it: the gates what shows offline, live days what does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import type { LoadedRelease } from '../../../projects/project.js'
import { leakageGate } from '../../../projects/ranking/gates/leakage.js'
import { rankingModelFile } from '../../../projects/ranking/model/artifact.js'
import {
  CUTOFF,
  evaluate,
  failedGates,
  gateOf,
  LITTLE,
  liveDays,
  openShopFolder,
  type Shop,
  type Snapshot,
} from './shop-folder.js'

let shop: Shop
let calm: string
let snapshot: Snapshot
let baseline: LoadedRelease
let learned: LoadedRelease
beforeAll(async () => {
  shop = openShopFolder()
  calm = shop.world()
  snapshot = await shop.snapshot(calm)
  baseline = await shop.baseline(snapshot)
  learned = await shop.candidate(snapshot)
})
afterAll(() => shop.remove())

describe('an honest candidate', () => {
  it('passes every gate against the order of sales, and is much better live', async () => {
    const report = await evaluate(snapshot, learned, baseline)
    expect(failedGates(report)).toEqual([])
    expect(report.gates.map(({ name }) => name).sort()).toEqual([
      'beats_best_feature',
      'cost_improves',
      'critical_slice_pass',
      'ndcg_by_slice',
      'no_leakage',
      'schema_valid',
    ])
    expect(report.figures?.map(({ kind }) => kind)).toEqual(['dot', 'bar', 'bar'])
    const [own, before] = [await liveDays(learned, 2, { source: calm }), await liveDays(baseline, 2, { source: calm })]
    expect(own.loss).toBeLessThan(before.loss - 0.08)
    expect(own.seen.blocked_exposures).toBe(0)
  })

  it('in reverse order is worse than one of its own features, and fails the gate for it', async () => {
    const model = rankingModelFile.decode(learned)
    const reversed = model.networks?.map((layers) =>
      layers.map((layer, index) =>
        index < layers.length - 1 ? layer : { ...layer, weights: layer.weights.map((weight) => -weight) },
      ),
    )
    const artifact = Buffer.from(rankingModelFile.encode({ ...model, networks: reversed ?? null }))
    const report = await evaluate(snapshot, { ...learned, artifact }, baseline)
    expect(failedGates(report)).toContain('beats_best_feature')
    expect(gateOf(report, 'beats_best_feature').detail).toMatch(/NDCG@10 0\.\d+ against 0\.\d+ of \w+ alone/)
  })

  it('fails the cost gate against itself: equal is not better', async () => {
    expect(failedGates(await evaluate(snapshot, learned, learned))).toEqual(['cost_improves'])
  })
})

describe('leakage fails the gate', () => {
  it('by the name of a feature known only after the return window', async () => {
    const leaking = await shop.candidate(snapshot, { ...LITTLE, leak: true, trainDays: 3, epochs: 1 })
    const report = await evaluate(snapshot, leaking, baseline)
    expect(failedGates(report)).toEqual(['no_leakage'])
    expect(gateOf(report, 'no_leakage').detail).toMatch(/kept_units is known only after the return_window/)
  })

  it('by behaviour, where the leak hides behind an honest name', async () => {
    const source = shop.world({ situation: 'leak' })
    const bent = await shop.snapshot(source)
    const candidate = await shop.candidate(bent)
    const report = await evaluate(bent, candidate, baseline)
    expect(failedGates(report)).toEqual(['no_leakage'])
    expect(gateOf(report, 'no_leakage').detail).toMatch(/^sold alone puts .* it probably knows the outcome$/)
    // What it would have cost to believe the offline numbers.
    expect((await liveDays(candidate, 2, { source })).loss).toBeGreaterThan(
      (await liveDays(learned, 2, { source: calm })).loss + 0.05,
    )
  })

  it('by behaviour in either direction and by an unknown name; honest features pass', () => {
    const gains = [1, 0, 0.1, 0, 1, 0]
    const matrix = (names: string[], values: number[]) => ({ names, values, offsets: Uint32Array.of(0, 3, 6) })
    const gate = (names: string[], values: number[], trainedUntil = 0) =>
      leakageGate({
        model: { trained: { from: 0, until: trainedUntil, lists: 1 } },
        matrix: matrix(names, values),
        gains,
        heldOutFrom: DAY_MS,
        thresholds: { maxSingleFeatureConcordance: 0.85 },
      })
    expect(gate(['price'], [-9, 0, -1, 0, -9, 0])).toMatchObject({ passed: false, value: 1 })
    expect(gate(['price'], [1, 2, 3, 1, 1, 1])).toMatchObject({ passed: true })
    expect(gate(['margin'], [1, 2, 3, 1, 1, 1]).detail).toMatch(/margin is not in the table of features/)
    expect(gate(['price'], [1, 2, 3, 1, 1, 1], 2 * DAY_MS).detail).toMatch(/trained on pages up to 1970-01-03/)
  })

  it('by time, in a candidate trained on the held-out week', async () => {
    const overlapping = await shop.candidate(snapshot, { trainDays: 3, epochs: 1, heldOutDays: 0 })
    const report = await evaluate(snapshot, overlapping, baseline)
    expect(failedGates(report)).toEqual(['no_leakage'])
    expect(gateOf(report, 'no_leakage').detail).toMatch(
      /trained on pages up to 2025-02-28, but pages from \S+ are held out/,
    )
  })
})

describe('a broken feed', () => {
  it('makes a candidate that relies on it better offline and worse live', async () => {
    const leaning = await shop.candidate(snapshot, { ...LITTLE, feed: 'views' })
    expect(failedGates(await evaluate(snapshot, leaning, learned))).toEqual([])
    expect((await liveDays(leaning, 4, { source: calm })).loss).toBeGreaterThan(
      (await liveDays(learned, 4, { source: calm })).loss + 0.03,
    )
  })

  it('of the whole shop harms every release, and breaches the monitor', async () => {
    const source = shop.world({ situation: 'broken_feed', day: '2025-03-10' })
    const [whole, broken] = [await liveDays(learned, 4, { source: calm }), await liveDays(learned, 4, { source })]
    expect(broken.loss).toBeGreaterThan(whole.loss + 0.02)
    expect(whole.seen.unrated_share).toBe(0)
    expect(broken.seen.unrated_share).toBe(1)
  })
})

describe('drift', () => {
  it('makes an old release worse than one trained afterwards', async () => {
    const source = shop.world({ situation: 'drift', day: '2025-03-10' })
    const later = CUTOFF + 25 * DAY_MS
    const after = await shop.snapshot(source, later)
    const renewed = await shop.candidate(after)
    expect(failedGates(await evaluate(after, renewed, learned))).toEqual([])
    const live = (release: LoadedRelease) => liveDays(release, 2, { from: later, source })
    expect((await live(renewed)).loss).toBeLessThan((await live(learned)).loss - 0.03)
  })
})

describe('a slice that regresses', () => {
  it('fails the gate with the slice named, although the mean is still better than the order of sales', async () => {
    const source = shop.world({ situation: 'slice_regression', day: '2025-02-26' })
    const mixedUp = await shop.snapshot(source)
    const candidate = await shop.candidate(mixedUp)
    const report = await evaluate(mixedUp, candidate, learned)
    expect(failedGates(report)).toContain('ndcg_by_slice')
    const drops = report.slices.map(({ name, ...both }) => ({
      name,
      drop: (both.production.ndcg10 ?? 0) - (both.candidate.ndcg10 ?? 0),
    }))
    const worst = drops.reduce((a, b) => (b.drop > a.drop ? b : a))
    expect(worst.name).toBe('queries of 4 words and more')
    expect(failedGates(await evaluate(mixedUp, candidate, baseline))).not.toContain('cost_improves')
  })
})
