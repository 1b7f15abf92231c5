import { afterAll, beforeAll, expect, it } from 'vitest'
import { appendAnything } from '../support/append-anything.js'
import { digest, releases, type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

/** A project with a production release and `count` runs, each with a candidate. */
async function laneWith(project: string, count: number) {
  const { registry } = test
  const ids = await releases(registry, project, count + 1)
  const production = ids[0] as string
  const moved = { project, actor: 'test', reason: 'test', workflowId: null, evidence: null }
  await registry.aliases.move({ ...moved, alias: 'production', expected: null, to: production, key: 'first' })
  const run = (number: number) => `release/${project}/run-${number}`
  return {
    run,
    take: (number: number, judgedAgainst = production) =>
      registry.lane.take({
        project,
        workflowId: run(number),
        candidate: ids[number] as string,
        production: judgedAgainst,
        evaluation: digest('e'),
      }),
    end: (number: number) =>
      appendAnything(registry, {
        project,
        kind: 'verdict',
        subject: run(number),
        key: `${run(number)}:verdict`,
        body: {},
      }),
    close: (number: number) =>
      registry.aliases.move({
        ...moved,
        alias: 'canary',
        expected: ids[number] as string,
        to: null,
        workflowId: run(number),
        key: `${run(number)}:close`,
      }),
    replaceProduction: () =>
      registry.aliases.move({
        ...moved,
        alias: 'production',
        expected: production,
        to: ids[1] as string,
        key: 'second',
      }),
  }
}

it('of many concurrent runs one opens its canary, the others wait, and none fails', async () => {
  const lane = await laneWith('rush', 8)
  const outcomes = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((number) => lane.take(number)))
  expect(outcomes.filter(({ outcome }) => outcome === 'open')).toHaveLength(1)
  expect(outcomes.filter(({ outcome }) => outcome === 'busy')).toHaveLength(7)
  const { holder, queue } = await test.registry.lane.current('rush')
  expect(queue).toHaveLength(7)
  expect((await test.registry.aliases.history('rush')).at(-1)).toMatchObject({ alias: 'canary', workflowId: holder })
})

it('the lane is held until the verdict, also in probation without an open canary; then the first in the queue gets it', async () => {
  const lane = await laneWith('order', 3)
  expect(await lane.take(1)).toMatchObject({ outcome: 'open' })
  expect(await lane.take(2)).toEqual({ outcome: 'busy', holder: lane.run(1) })
  expect(await lane.take(3)).toMatchObject({ outcome: 'busy' })
  await lane.close(1)
  expect(await lane.take(2)).toEqual({ outcome: 'busy', holder: lane.run(1) })
  await lane.end(1)
  // The third asks first, but the second is ahead in the queue.
  expect(await lane.take(3)).toEqual({ outcome: 'busy', holder: lane.run(2) })
  expect(await lane.take(2)).toMatchObject({ outcome: 'open' })
  expect(await lane.take(2)).toMatchObject({ outcome: 'open' })
  expect(await test.registry.lane.current('order')).toEqual({ holder: lane.run(2), queue: [lane.run(3)] })
})

it('a run that ended while it waited does not block the queue', async () => {
  const lane = await laneWith('gone', 3)
  await lane.take(1)
  await lane.take(2)
  await lane.take(3)
  await lane.end(2)
  await lane.close(1)
  await lane.end(1)
  expect(await lane.take(3)).toMatchObject({ outcome: 'open' })
})

it('a candidate judged against another production gets no canary and keeps its place', async () => {
  const lane = await laneWith('changed', 2)
  await lane.replaceProduction()
  expect(await lane.take(2)).toEqual({ outcome: 'production_changed', holder: null })
  expect((await test.registry.aliases.current('changed')).canary).toBeNull()
  expect(await lane.take(2, 'changed_v2')).toMatchObject({ outcome: 'open' })
})
