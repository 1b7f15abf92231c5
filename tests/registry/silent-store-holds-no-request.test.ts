/**
 * A connection to the artifact store that is half closed delivers neither bytes nor its end. What takes long and is
 * heard of all the time is not ended.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createBoundedCache } from '../../registry/artifacts/bounded-cache.js'
import { createS3Store } from '../../registry/artifacts/s3-store.js'
import { withSilenceLimit } from '../../registry/artifacts/silence.js'
import type { ArtifactStore } from '../../registry/index.js'
import { type FaultRelay, openFaultRelay } from '../support/fault-relay.js'
import { type S3Server, s3Server } from '../support/s3-server.js'
import { eventually } from '../support/steer.js'

const SILENCE_MS = 3_000

let server: S3Server
let relay: FaultRelay
let store: ArtifactStore
let folder: string
beforeAll(async () => {
  server = await s3Server()
  relay = await openFaultRelay(new URL(server.environment.AWS_ENDPOINT_URL_S3 ?? '').host)
  folder = mkdtempSync(join(tmpdir(), 'slipway-silence-'))
  const environment = { ...server.environment, AWS_ENDPOINT_URL_S3: `http://${relay.address}` }
  const cache = createBoundedCache(folder, 2 ** 30)
  store = createS3Store(`s3://${server.bucket}/releases`, cache, environment, SILENCE_MS)
})
afterEach(() => relay.become('fair'))
afterAll(async () => {
  await relay?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('a silent store is an error that names it, for each kind of request, and the next connection works', async () => {
  const digest = await store.putBytes(Buffer.from('a model'))
  const file = join(folder, 'model')
  writeFileSync(file, 'another model')
  relay.become('silent')
  const asked = {
    get: store.get(digest),
    path: store.path(digest),
    size: store.size(digest),
    put: store.putFile(file),
    remove: store.remove(digest),
  }
  const answers = Object.entries<Promise<unknown>>(asked).map(async ([kind, answer]) => ({
    kind,
    message: await answer.then(String, (error: Error) => error.message),
  }))
  for (const { kind, message } of await Promise.all(answers))
    expect(message, kind).toMatch(/does not answer \(.*nothing was heard for 3 s/)
  relay.become('fair')
  expect(Buffer.from(await store.get(digest)).toString()).toBe('a model')
  await store.putFile(file)
})

it('a transfer that goes silent in the middle is an error, and one that trickles for longer arrives', async () => {
  const bytes = randomBytes(1 << 20)
  const digest = await store.putBytes(bytes)
  relay.become('trickling')
  const began = performance.now()
  expect(readFileSync(await store.path(digest))).toEqual(bytes)
  expect(performance.now() - began).toBeGreaterThan(SILENCE_MS)
  relay.become('trickling')
  const reading = store.get(digest)
  // Its answer has begun: the first pieces arrive a moment later.
  await eventually('an answer', async () => relay.met() > 0)
  setTimeout(() => relay.become('silent'), 300)
  await expect(reading).rejects.toThrow(/nothing was heard for 3 s/)
})

it('a request for a named object is ended too', async () => {
  const waiting = (signal: AbortSignal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  await expect(withSilenceLimit(waiting, 10)).rejects.toThrow('nothing was heard for 0.01 s')
  expect(await withSilenceLimit(() => Promise.resolve(1), 10)).toBe(1)
})
