/** A canary of months has thousands of entries: callers read those they need, and all of them in pages. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appendAnything } from '../support/append-anything.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const RUN = 'release/toy/long'
const ACTIONS = 430
let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
  const append = (kind: 'trigger' | 'operator_action', key: string, body: object) =>
    appendAnything(test.registry, { project: 'toy', kind, subject: RUN, key, body })
  await append('trigger', 'trigger', { trigger: { id: 'long' } })
  for (let number = 1; number <= ACTIONS; number += 1) {
    await append('operator_action', `action ${number}`, { id: String(number), action: 'pause', accepted: false })
    // Entries of another run in between.
    if (number % 100 === 0)
      await appendAnything(test.registry, {
        project: 'toy',
        kind: 'operator_action',
        subject: 'release/toy/other',
        key: `other ${number}`,
        body: { id: 'x', action: 'pause', accepted: false },
      })
  }
})
afterAll(() => test?.stop())

it('all entries come in order, without gap or repeat, in statements of at most 200', async () => {
  const { entries } = await test.registry.runs.get(RUN)
  expect(entries.map(({ key }) => key)).toEqual([
    'trigger',
    ...Array.from({ length: ACTIONS }, (_, index) => `action ${index + 1}`),
  ])
  // What connections asked last.
  const { rows } = await test.owner.query<{ query: string }>(
    `select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ~ '"chain_entries" where "workflow_id" ='`,
  )
  expect(rows.length).toBeGreaterThan(0)
  for (const { query } of rows) expect(query).toMatch(/ limit \$\d+$/)
})

it('a part is the entries of some kinds, or those after a place', async () => {
  const { runs } = test.registry
  expect((await runs.get(RUN, { kinds: ['trigger'] })).entries.map(({ kind }) => kind)).toEqual(['trigger'])
  const all = (await runs.get(RUN)).entries
  const [before, ...rest] = all.slice(-231)
  expect((await runs.get(RUN, { after: before?.seq ?? 0 })).entries).toEqual(rest)
  expect((await runs.get(RUN, { after: all.at(-1)?.seq ?? 0 })).entries).toEqual([])
})
