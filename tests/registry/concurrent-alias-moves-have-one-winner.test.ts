import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AliasName } from '../../contracts/names.js'
import { type AliasMove, openRegistry, type Registry } from '../../registry/index.js'
import { releases, type TestRegistry, testRegistry } from './test-registry.js'

const WRITERS = 12

let test: TestRegistry
/** A second connection pool, which the database cannot distinguish from another process. */
let other: Registry

beforeAll(async () => {
  test = await testRegistry()
  other = await openRegistry({ databaseUrl: test.url, artifactsFolder: test.artifactsFolder })
  await warm(test.registry)
  await warm(other)
})
afterAll(async () => {
  await other?.close()
  await test?.stop()
})

/** Opens all connections of the pool; otherwise the first writer would finish before the second one is connected. */
const warm = (registry: Registry) => Promise.all(Array.from({ length: WRITERS }, () => registry.aliases.current('any')))

const move = (project: string, key: string, expected: string | null, to: string | null): AliasMove => ({
  project,
  alias: 'production' as AliasName,
  expected,
  to,
  actor: 'test',
  reason: 'race',
  workflowId: null,
  evidence: null,
  key,
})

async function gapless(project: string): Promise<void> {
  const entries = await test.registry.ledger.entries(project)
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
}

/** All moves at once, alternating between the pools. */
const race = (moves: readonly AliasMove[]) =>
  Promise.allSettled(moves.map((one, index) => (index % 2 === 0 ? test.registry : other).aliases.move(one)))

describe('writers that read the same alias', () => {
  it.each([1, 2, 3, 4, 5])(
    'exactly one wins; the others get the actual alias as an error (round %i)',
    async (round) => {
      const project = `race${round}`
      const ids = await releases(test.registry, project, WRITERS)
      const settled = await race(ids.map((id) => move(project, `to ${id}`, null, id)))
      const won = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      const lost = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
      expect(won).toHaveLength(1)
      const { production } = await test.registry.aliases.current(project)
      expect(production).toBe(won[0]?.to)
      const message = `production of ${project} was expected to be nothing, but is ${production}`
      for (const reason of lost) expect(reason).toMatchObject({ type: 'AliasMoved', message })
      expect(await test.registry.aliases.history(project)).toEqual(won)
      await gapless(project)
    },
  )

  it('retrying until it succeeds loses no move of other writers', async () => {
    const project = 'persistent'
    const ids = await releases(test.registry, project, 6)
    const moveWithRetries = async (registry: Registry, id: string): Promise<void> => {
      for (let attempt = 0; ; attempt += 1) {
        const { production } = await registry.aliases.current(project)
        const [ended] = await Promise.allSettled([
          registry.aliases.move(move(project, `${id} ${attempt}`, production, id)),
        ])
        if (ended?.status === 'fulfilled') return
        expect(ended?.reason).toMatchObject({ type: 'AliasMoved' })
      }
    }
    await Promise.all(ids.map((id, index) => moveWithRetries(index % 2 === 0 ? test.registry : other, id)))
    const history = await test.registry.aliases.history(project)
    expect(history).toHaveLength(ids.length)
    expect(new Set(history.map(({ to }) => to))).toEqual(new Set(ids))
    expect(history.map(({ from }) => from)).toEqual([null, ...history.slice(0, -1).map(({ to }) => to)])
    await gapless(project)
  })

  it('exactly one wins on a server with a stricter default isolation level', async () => {
    const { rows } = await test.owner.query<{ name: string }>('select current_database() as name')
    const setting = `database ${rows[0]?.name} `
    await test.owner.query(`alter ${setting} set default_transaction_isolation = 'serializable'`)
    const strict = await openRegistry({ databaseUrl: test.url, artifactsFolder: test.artifactsFolder })
    try {
      const ids = await releases(strict, 'strict', WRITERS)
      await warm(strict)
      const settled = await Promise.allSettled(ids.map((id) => strict.aliases.move(move('strict', id, null, id))))
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const lost = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
      for (const reason of lost) expect(reason).toMatchObject({ type: 'AliasMoved' })
    } finally {
      await strict.close()
      await test.owner.query(`alter ${setting} reset default_transaction_isolation`)
    }
  })

  it('two aliases move together or not at all', async () => {
    const [first = '', second = ''] = await releases(test.registry, 'pair', 2)
    const canary = { ...move('pair', 'open', null, second), alias: 'canary' as const }
    const wrong = move('pair', 'promote', 'pair_v9', second)
    await expect(test.registry.aliases.moveTogether([canary, wrong])).rejects.toMatchObject({ type: 'AliasMoved' })
    expect(await test.registry.aliases.current('pair')).toEqual({ production: null, canary: null })
    await test.registry.aliases.moveTogether([canary, move('pair', 'init', null, first)])
    expect(await test.registry.aliases.current('pair')).toEqual({ production: first, canary: second })
  })
})
