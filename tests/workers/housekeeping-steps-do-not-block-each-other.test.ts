import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dayClosedKey } from '../../contracts/ledger/index.js'
import { startHousekeeping } from '../../workers/housekeeping.js'
import { daysAgo, writtenOn } from '../registry/retention/retained-history.js'
import { type TestRegistry, testRegistry } from '../registry/test-registry.js'

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

it('without an artifact store days are covered, and the heads are written once it is there again', async () => {
  const { registry, artifactsFolder } = test
  const day = { project: 'toy', table: 'decisions' as const, day: daysAgo(3) }
  await writtenOn(test, day.day, { project: 'toy', decisions: ['a', 'b'] })
  const body = { ...day, ...(await registry.retention.digestDay(day, 1)) }
  const key = dayClosedKey('decisions', day.day)
  await registry.ledger.append({ project: 'toy', kind: 'day_closed', subject: 'decisions', key, body })
  // A file in the place of the folder.
  const folder = join(artifactsFolder, 'heads')
  writeFileSync(folder, '')
  const housekeeping = startHousekeeping({ registry, now: Date.now }, 20)
  try {
    const versions = async () =>
      (await registry.ledger.entries('toy', { kind: 'day_closed' })).map(({ body }) => body.digestVersion)
    await expect.poll(versions, { timeout: 60_000 }).toEqual([undefined, 2])
    rmSync(folder)
    const objects = () => {
      try {
        return readdirSync(folder).filter((name) => name.endsWith('.json'))
      } catch {
        return []
      }
    }
    await expect.poll(objects, { timeout: 60_000 }).toHaveLength(1)
  } finally {
    await housekeeping.stop()
  }
})
