import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeProject } from '../../../cli/runtime/write-project.js'
import { openHome } from '../../support/homes.js'
import { type ProjectServer, projectServer } from '../../support/project-server.js'
import { type RestartableDatabase, restartableDatabase } from '../../support/restartable-database.js'
import { eventually, operate, resultOf } from '../../support/steer.js'
import { inEpoch } from '../../support/trainer-epoch.js'

const home = openHome('away')
let within: string
let database: RestartableDatabase
let on: ProjectServer
beforeAll(async () => {
  within = mkdtempSync(join(tmpdir(), 'slipway-away-'))
  const { folder } = await writeProject('parcels', within)
  database = await restartableDatabase(home)
  on = await projectServer([folder], async () => database)
})
afterAll(async () => {
  await on?.close()
  for (const folder of [within, home]) rmSync(folder, { recursive: true, force: true })
})

/** An attempt beyond the budget of four that trainers have. */
const fifthAttempt = (id: string) =>
  eventually('a fifth attempt', async () => {
    const { raw, status } = await on.client.workflow.getHandle(id).describe()
    if (status.name !== 'RUNNING') throw new Error(`${id} ended while the registry was away: ${status.name}`)
    return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) >= 5)
  })

it('a registry that is away while it trains fails no release: it continues from its checkpoint', async () => {
  const id = await on.start('parcels', 'away', { epochs: 60 }, 1)
  await inEpoch(on, id, 5)
  await database.stop()
  await fifthAttempt(id)
  await database.start()
  const [run] = await eventually('a trained candidate', async () => {
    const entries = await on.registry.ledger.entries('parcels', { kind: 'training_run', subject: id })
    return entries.length > 0 && entries.map(({ body }) => body)
  })
  expect(run?.failed).toBeUndefined()
  // The first attempt had trained at least five epochs; without its checkpoint this one would begin with the first.
  expect(run?.firstEpoch ?? 61).toBeGreaterThan(5)
  expect(run?.attempt).toBeGreaterThan(4)
  await eventually('a canary', async () => (await on.registry.aliases.current('parcels')).canary !== null)
  await operate(on, id, 'abort')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
})
