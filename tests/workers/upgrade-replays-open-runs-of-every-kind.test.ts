/**
 * A build becomes current only when it can continue every open run: condition checks and schedules as well as releases.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import { replayEverything } from '../../workers/upgrade.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { eventually } from '../support/steer.js'
import { testBundle } from '../support/workflow-bundle.js'

const RECORDINGS = fileURLToPath(new URL('../histories', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'slipway-open-runs-'))
let temporal: Awaited<ReturnType<typeof startTemporalDevServer>>
let connection: Connection
beforeAll(async () => {
  quietRuntime()
  temporal = await startTemporalDevServer({ home, inMemory: true })
  connection = await Connection.connect({ address: temporal.address })
})
afterAll(async () => {
  await connection?.close()
  await temporal?.stop()
  rmSync(home, { recursive: true, force: true })
})

it('open runs of every workflow type are replayed', async () => {
  const client = new Client({ connection })
  const types = Object.keys(await import('../../workflows/index.js'))
  for (const type of types)
    await client.workflow.start(type, { workflowId: type, taskQueue: 'without-workers', args: ['toy', 'old-data'] })
  // The list of open runs lags behind.
  await eventually('all of them in the list', async () => (await client.workflow.count()).count === types.length)
  const replayed = await replayEverything(client, await testBundle(), RECORDINGS)
  expect(replayed).toMatchObject({ open: types.length, refused: [] })
})
