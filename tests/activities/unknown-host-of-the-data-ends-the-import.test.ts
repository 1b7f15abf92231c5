/** A wrong host name in a data source is not retried until an operator aborts; the same error of the registry is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Dependencies } from '../../activities/dependencies.js'
import { createImportSnapshot } from '../../activities/import-snapshot.js'
import { createArtifactStore } from '../../registry/index.js'
import { type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { project } from '../toy-project/index.js'

let test: TestRegistry
let folder: string
beforeAll(async () => {
  test = await testRegistry()
  folder = mkdtempSync(join(tmpdir(), 'slipway-unknown-host-'))
})
afterAll(async () => {
  await test?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** As `fetch` reports it. */
const lookupFails = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`getaddrinfo ${code} data.example`), { code }) })

/** Attempts of one activity, each with the heartbeat details that the one before left. */
function attemptsOf(changes: { source?: () => Promise<never>; append?: () => Promise<never> }) {
  let heartbeatDetails: unknown
  const { source, append } = changes
  const deps: Dependencies = {
    registry: append ? { ...test.registry, ledger: { ...test.registry.ledger, append } } : test.registry,
    artifacts: createArtifactStore(test.artifactsFolder),
    projects: new Map([['toy', source ? { ...project, importSnapshot: source } : project]]),
    workFolder: folder,
    now: Date.now,
  }
  const run = { project: 'toy', workflowId: 'release/toy/unknown-host', cutoff: '2001-01-01T00:00:00.000Z' }
  return async (): Promise<{ type?: string; nonRetryable?: boolean; message: string }> => {
    const attempt = new MockActivityEnvironment({ heartbeatDetails }, { logger: new DefaultLogger('ERROR') })
    attempt.on('heartbeat', (details: unknown) => {
      heartbeatDetails = details
    })
    return attempt.run(createImportSnapshot(deps), run).then(
      () => ({ message: 'imported' }),
      (error: unknown) => error as { message: string },
    )
  }
}

it('after ten attempts in all, whatever other errors come between them', async () => {
  const codes = ['ENOTFOUND', 'ENOTFOUND', 'EAI_AGAIN', ...Array.from({ length: 7 }, () => 'ENOTFOUND')]
  const attempt = attemptsOf({ source: () => Promise.reject(lookupFails(codes.shift() ?? 'ENOTFOUND')) })
  for (let number = 1; number <= 10; number += 1) expect(await attempt()).toMatchObject({ type: 'Unavailable' })
  expect(await attempt()).toMatchObject({
    type: 'BadData',
    nonRetryable: true,
    message: expect.stringMatching(/host of the data source is not known: .*ENOTFOUND data.example.*10 times/),
  })
})

it('of the registry, or while name servers do not answer, it is retried without limit', async () => {
  const append = () => Promise.reject(lookupFails('ENOTFOUND'))
  const source = () => Promise.reject(lookupFails('EAI_AGAIN'))
  for (const attempt of [attemptsOf({ append }), attemptsOf({ source })])
    for (let number = 1; number <= 12; number += 1) expect(await attempt()).toMatchObject({ type: 'Unavailable' })
})
