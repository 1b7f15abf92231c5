/** The cost of a look when there were many before: ledger rows read, not time. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWatchExposure } from '../../../activities/watch-exposure.js'
import { DAY_MS } from '../../../contracts/duration.js'
import type { LedgerEntry, Registry } from '../../../registry/index.js'
import { newestLook } from '../../../releases/looks/recorded-looks.js'
import type { TestRegistry } from '../../registry/test-registry.js'
import { appendAnything } from '../../support/append-anything.js'
import { canaryRequest } from '../../support/canary-request.js'
import { registryWithProduction } from '../../support/watched-canary.js'
import { project } from '../../toy-project/index.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const RUN = 'release/toy/many-looks'
const LOOKS = 25
let test: TestRegistry
beforeAll(async () => {
  test = await registryWithProduction()
})
afterAll(() => test?.stop())

/** The same registry; counts the judgements it hands out. */
function counting(registry: Registry) {
  const counts = { calls: 0, judgements: 0 }
  const count = <Answer>(entries: Answer, of: (entries: Answer) => readonly (LedgerEntry | null)[]): Answer => {
    counts.judgements += of(entries).filter((entry) => entry?.kind === 'judgement').length
    return entries
  }
  const countedArea = <Area extends object>(area: Area): Area =>
    new Proxy(area, {
      get(target, name: string & keyof Area) {
        const method = target[name] as (...args: unknown[]) => Promise<unknown>
        return async (...args: unknown[]) => {
          counts.calls += 1
          const answer = await method(...args)
          if (name === 'entries') return count(answer as LedgerEntry[], (entries) => entries)
          if (name === 'newestLook') return count(answer as LedgerEntry | null, (entry) => [entry])
          return answer
        }
      },
    })
  const counted: Registry = new Proxy(registry, {
    get: (target, name: Exclude<keyof Registry, 'status' | 'close'>) => countedArea(target[name]),
  })
  return { counted, counts }
}

it('each attempt reads at most one look, however many there were, and the judge still gets all of them', async () => {
  const { counted, counts } = counting(test.registry)
  let now = OPENED
  const deps = { ...test, registry: counted, projects: new Map([['toy', project]]), now: () => now, workFolder: '' }
  const watch = createWatchExposure(deps as never, (() => Promise.reject(new Error('nothing is loaded'))) as never)
  const request = canaryRequest(RUN, OPENED, { step: 1 })
  const attempts: { calls: number; judgements: number }[] = []
  for (let look = 1; look <= LOOKS; look += 1) {
    now = OPENED + look * DAY_MS
    Object.assign(counts, { calls: 0, judgements: 0 })
    await expect(watch(request)).rejects.toThrow(/next look/)
    attempts.push({ ...counts })
    // The same instant once more, as after a worker's death: read again, not judged again.
    await expect(watch(request)).rejects.toThrow(/next look/)
  }
  expect(attempts.map(({ judgements }) => judgements)).toEqual([0, ...Array.from({ length: LOOKS - 1 }, () => 1)])
  // As many questions to the database at the last look as at the third.
  expect(attempts.at(-1)?.calls).toBe(attempts[2]?.calls)

  const recorded = await test.registry.ledger.entries('toy', { kind: 'judgement', subject: RUN })
  const looks = recorded.map(({ body }) => body)
  expect(looks).toHaveLength(LOOKS)
  expect(looks.at(-1)?.looks.map(({ asOf }) => asOf)).toEqual(
    looks.slice(0, -1).map(({ judgement }) => judgement.numbers.asOf),
  )
  expect(await newestLook(test.registry, { project: 'toy', workflowId: RUN, phase: 'canary' })).toEqual(looks.at(-1))
})

it('of two looks at one instant the one recorded last is the newest; looks of another phase do not count', async () => {
  const at = '2001-02-01T00:00:00.000Z'
  const append = (key: string, phase: string) =>
    appendAnything(test.registry, {
      project: 'toy',
      kind: 'judgement',
      subject: 'two',
      key: `two:${key}`,
      body: { phase },
    })
  await append(`canary:look:${at}:b:1`, 'canary')
  await append(`canary:look:${at}:a:2`, 'canary')
  await append('canary:look:2001-01-31T00:00:00.000Z:c:3', 'canary')
  await append('probation:look:2001-03-01T00:00:00.000Z:d:4', 'probation')
  const newest = async (phase: 'canary' | 'probation') =>
    (await test.registry.ledger.newestLook({ project: 'toy', workflowId: 'two', phase }))?.key
  expect([await newest('canary'), await newest('probation')]).toEqual([
    `two:canary:look:${at}:a:2`,
    'two:probation:look:2001-03-01T00:00:00.000Z:d:4',
  ])
  expect(await test.registry.ledger.newestLook({ project: 'toy', workflowId: 'three', phase: 'canary' })).toBeNull()
})
