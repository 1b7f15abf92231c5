/** A project may read its whole file in each call of `replay`: looks of many days must not call it for each of them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import type { Project, ReplayEvent } from '../../projects/project.js'
import { createReleaseLoader } from '../../releases/load-release.js'
import { createKeptReaders } from '../../releases/replay/kept-readers.js'
import { replayDays } from '../../releases/replay/replay-days.js'
import { canaryRequest } from '../support/canary-request.js'
import { toyDays } from '../toy-project/data.js'
import { project as toy } from '../toy-project/index.js'
import { candidate, openWorld, type World } from './support.js'

const OPENED = Date.parse('2001-02-01T00:00:00Z')
const LOOKS = 20
const A_DAY = 8

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.stop())

/** Looks a day apart, as many attempts of one process. @returns days with decisions, and the calls of `replay` */
async function looked(run: string, replay: Project['replay'], { inOrder = true } = {}) {
  const { releaseId, workflowId } = await candidate(world, 0.9, run)
  const calls: { from: number; to: number }[] = []
  const project: Project = {
    ...(toy as Project),
    replayInOrder: inOrder,
    replay(range) {
      calls.push({ from: (range.from - OPENED) / DAY_MS, to: (range.to - OPENED) / DAY_MS })
      return replay(range)
    },
  }
  const needs = {
    registry: world.registry,
    projects: new Map([['toy', project]]),
    loadRelease: createReleaseLoader({ registry: world.registry, artifacts: world.artifacts }),
  }
  const request = { ...canaryRequest(workflowId, OPENED), candidate: releaseId, reference: world.baseline }
  const { evidence: _, ...replayed } = request
  const steps = [{ phase: 'canary', step: 0, weight: 5_000, fromDay: 0 } as const]
  let readers = createKeptReaders()
  // A worker that has started again has no reader.
  const restartAfter = 5
  for (let look = 1; look <= LOOKS; look += 1) {
    const replay = { throwIfCancelled: () => {}, beat: () => {}, readers }
    await replayDays({ ...needs, replay }, replayed, steps, OPENED + look * DAY_MS)
    if (look === restartAfter) readers = createKeptReaders()
  }
  const query = { project: 'toy', workflowId, from: OPENED, to: OPENED + 40 * DAY_MS, labelHorizonMs: DAY_MS }
  const cohorts = await world.registry.evidence.cohorts({
    ...query,
    asOf: OPENED + 80 * DAY_MS,
    arms: ['canary', 'production'],
  })
  const days = new Map<string, number>()
  for (const { day, exposed } of cohorts) days.set(day, (days.get(day) ?? 0) + exposed)
  return { calls, days: [...days].sort() }
}

const WHOLE = Array.from({ length: LOOKS }, (_, day) => [utcDay(OPENED + day * DAY_MS), A_DAY])
async function* inOrder({ from, to }: { from: number; to: number }): AsyncGenerator<ReplayEvent> {
  yield* toyDays(from, to, A_DAY)
}

it('looks a day apart share calls of a fortnight, and no day lacks an event', async () => {
  const { calls, days } = await looked('release/toy/one', inOrder)
  expect(calls).toEqual([
    { from: 0, to: 14 },
    { from: 4, to: 18 },
    // The call before was read to its end, so the last day is read again, as by a worker that has started again.
    { from: 17, to: 31 },
  ])
  expect(days).toEqual(WHOLE)
})

it('a project that does not state an order, and gives any iterable, is called for each day as before', async () => {
  // As an own project may filter the rows of a file by date, in the order of the file.
  const place = ({ id }: ReplayEvent) => id.split('-')[1] ?? ''
  const file = [...toyDays(OPENED, OPENED + 40 * DAY_MS, A_DAY)].sort((a, b) => (place(a) < place(b) ? -1 : 1))
  const filtered = (({ from, to }: { from: number; to: number }) =>
    file.filter(({ at }) => at >= from && at < to)) as never
  const { calls, days } = await looked('release/toy/any', filtered, { inOrder: false })
  expect(days).toEqual(WHOLE)
  expect(calls.every(({ from, to }) => to - from === 1)).toBe(true)
  await expect(looked('release/toy/wrong', filtered)).rejects.toThrow(
    /replay of toy gives event .* after events of later days; sort them by at, or remove replayInOrder/,
  )
})

it('data that grow are seen by the next look', async () => {
  let until = OPENED + 3 * DAY_MS
  const { days } = await looked('release/toy/grow', async function* ({ from, to }) {
    yield* toyDays(from, Math.min(to, until), A_DAY)
    until += DAY_MS
  })
  expect(days).toEqual(WHOLE)
})
