import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { ReplayEvent } from '../../projects/project.js'
import type { Replaying } from '../../projects/replay-by-day.js'
import { openDays } from '../../traffic/days.js'
import { toyDays } from '../toy-project/data.js'

const START = Date.parse('2001-01-20T00:00:00Z')
const A_DAY = 5

function counted(events: (from: number, to: number) => Iterable<ReplayEvent>) {
  const calls: number[] = []
  const closed: number[] = []
  return {
    name: 'toy',
    replayInOrder: true,
    calls,
    closed,
    async *replay({ from, to }: { from: number; to: number }) {
      calls.push((to - from) / DAY_MS)
      try {
        yield* events(from, to)
      } finally {
        closed.push((to - from) / DAY_MS)
      }
    },
  }
}
const inOrder = () => counted((from, to) => toyDays(from, to, A_DAY))
const idsOf = (events: readonly ReplayEvent[]): string[] => events.map(({ id }) => id)
const expected = (day: number): string[] => idsOf([...toyDays(START + day * DAY_MS, START + (day + 1) * DAY_MS, A_DAY)])

describe('events of one day after the other', () => {
  it('are those of a call for each day, from a call for a fortnight', async () => {
    const project = inOrder()
    const days = openDays(project, {})
    for (let day = 0; day < 30; day += 1) {
      const from = START + day * DAY_MS
      expect(idsOf(await days.of({ from, to: from + DAY_MS }))).toEqual(expected(day))
    }
    expect(project.calls).toEqual([14, 14, 14])
    expect(project.closed).toEqual([14, 14])
    days.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect(project.closed).toEqual([14, 14, 14])
  })

  it('leave out days that nothing asks for, and parts of a day', async () => {
    const project = inOrder()
    const days = openDays(project, {})
    await days.of({ from: START + DAY_MS / 2, to: START + DAY_MS })
    const later = START + 9 * DAY_MS
    expect(idsOf(await days.of({ from: later, to: later + DAY_MS }))).toEqual(expected(9))
    const far = START + 100 * DAY_MS
    expect(idsOf(await days.of({ from: far, to: far + 1 }))).toEqual(expected(100).slice(0, 1))
    expect(project.calls).toEqual([14, 14])
  })

  it('that come out of order are named, and are no fault of a project that states none', async () => {
    const disordered = counted((from, to) => {
      const events = [...toyDays(from, to, A_DAY)]
      // The first event of the first day comes last.
      return [...events.slice(1), ...events.slice(0, 1)]
    })
    const read = async (project: Replaying) => {
      const days = openDays(project, {})
      for (let day = 0; day < 16; day += 1) {
        const from = START + day * DAY_MS
        const ids = idsOf(await days.of({ from, to: from + DAY_MS }))
        expect(ids.sort()).toEqual(day === 0 && project.replayInOrder ? expected(0).slice(1) : expected(day).sort())
      }
    }
    await expect(read(disordered)).rejects.toThrow(/replay of toy gives event .* after events of later days/)
    disordered.calls.splice(0)
    await read({ ...disordered, replayInOrder: false })
    expect(disordered.calls).toEqual(Array(16).fill(1))
  })
})
