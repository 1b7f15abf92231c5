import { describe, expect, it } from 'vitest'
import type { ReplayEvent } from '../../projects/project.js'
import { thinned } from '../../traffic/days.js'

const day = (count: number, entities = count): ReplayEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `e${index}`,
    entityKey: `parcel-${index % entities}`,
    at: index,
    input: {},
    label: 1,
    knownAt: index,
  }))

describe('a client that may not send all', () => {
  it('sends about as many as it may, in their order', () => {
    const sent = thinned(day(5_000), 1_500)
    // ±3.29 standard deviations of a binomial.
    expect(Math.abs(sent.length - 1_500)).toBeLessThan(3.29 * Math.sqrt(1_500 * 0.7))
    expect(sent.map(({ at }) => at)).toEqual(sent.map(({ at }) => at).sort((a, b) => a - b))
  })

  it('sends all where there are no more', () => {
    expect(thinned(day(1_500), 1_500)).toHaveLength(1_500)
    expect(thinned(day(5_000), undefined)).toHaveLength(5_000)
  })

  it('keeps an entity whole: all of its events or none', () => {
    const sent = thinned(day(6_000, 600), 2_000)
    const counts = new Map<string, number>()
    for (const { entityKey } of sent) counts.set(entityKey, (counts.get(entityKey) ?? 0) + 1)
    expect(new Set(counts.values())).toEqual(new Set([10]))
  })
})
