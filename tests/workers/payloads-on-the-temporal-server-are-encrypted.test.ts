/**
 * Reasons, parameters, policies and failures cannot be read on the Temporal server, while everything works as before.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataConverterOfEnvironment } from '../../workers/payloads/data-converter.js'
import { createPayloadCodec } from '../../workers/payloads/payload-codec.js'
import { followPayloadKeys, readPayloadKeys } from '../../workers/payloads/payload-keys.js'
import { gatewayOn } from '../http/support.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { secretsIn } from '../support/planted-secrets.js'
import { exposed, operate, resultOf, type Steered, stateOf } from '../support/steer.js'
import { readable } from '../support/stored-text.js'
import { startToyRelease } from '../support/toy-release.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'

const folder = mkdtempSync(join(tmpdir(), 'slipway-keys-'))
const KEYS = join(folder, 'keys.json')
const key = () => randomBytes(32).toString('base64')
const spring = key()
const write = (active: string, keys: Record<string, string>) => writeFileSync(KEYS, JSON.stringify({ active, keys }))
write('spring', { spring })
const environment = { SLIPWAY_PAYLOAD_KEYS: KEYS }

let on: DevServer
let worker: WorkerProcess
let through: Steered
beforeAll(async () => {
  on = await devServer()
  worker = await startWorkerProcess({ ...on.environment, ...environment })
  const dataConverter = dataConverterOfEnvironment(environment)
  if (!dataConverter) throw new Error('keys are set')
  through = { client: new Client({ connection: on.client.connection, dataConverter }), registry: on.registry }
})
afterAll(async () => {
  await worker?.kill()
  await on?.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = async (trigger: string, source?: string) => {
  const clock = { wallStart: Date.now(), speed: 86_400_000 / 60_000 }
  return (
    await startToyRelease(through.client, trigger, { by: 'ana-from-finance', ...(source ? { source } : {}) }, clock)
  ).workflowId
}

/** All that the server stores of a run, as text: bytes are decoded. */
async function storedText(id: string): Promise<string> {
  const history = await on.client.workflow.getHandle(id).fetchHistory()
  return readable(history.events)
}

it('a release is started, steered and ended, and its history has no word of it', async () => {
  const id = await start('encrypted')
  await exposed(through, id)
  expect(await stateOf(through, id)).toMatchObject({ stage: 'canary' })
  write('summer', { summer: key(), spring })
  const answer = await operate(through, id, 'abort', { by: 'ana-from-finance', reason: 'the storm of tuesday' })
  expect(answer).toMatchObject({ accepted: true })
  expect(await resultOf(through, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  const stored = await storedText(id)
  for (const word of ['ana-from-finance', 'storm of tuesday', 'labelHorizon', 'canary_open', 'operator_abort'])
    expect(stored).not.toContain(word)
  expect(stored).toContain('binary/encrypted')
  expect(stored).toContain('"encryption-key-id":"spring"')
  expect(secretsIn(stored, { spring })).toEqual([])
}, 300_000)

it('messages of failures are encrypted too', async () => {
  const id = await start('encrypted-failure', 'the-secret-folder')
  expect(await resultOf(through, id)).toMatchObject({ verdict: 'held' })
  const stored = await storedText(id)
  expect(stored).toContain('Encoded failure')
  expect(stored).not.toContain('the-secret-folder')
})

it('an operator reads them in the Web UI through the decision service', async () => {
  const id = await start('encrypted-read')
  await exposed(through, id)
  const history = await on.client.workflow.getHandle(id).fetchHistory()
  const [payload] = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64')
  const sent = {
    metadata: Object.fromEntries(Object.entries(payload?.metadata ?? {}).map(([name, value]) => [name, base64(value)])),
    data: base64(payload?.data),
  }
  const uiOrigin = 'http://127.0.0.1:8233'
  const gateway = await gatewayOn(on, { codec: createPayloadCodec(() => readPayloadKeys(KEYS)), uiOrigin })
  try {
    const path = '/temporal/codec/decode'
    const answer = await gateway.post(path, { payloads: [sent, { data: 'AAAA' }] }, { origin: uiOrigin })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(uiOrigin)
    const [first, second] = answer.body.payloads as { data: string }[]
    expect(Buffer.from(first?.data ?? '', 'base64').toString()).toContain('ana-from-finance')
    expect(second?.data).toBe('AAAA')
    expect((await gateway.post(path, { payloads: [sent] }, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await gateway.post(path, { payloads: [{ data: 'no base64!' }] })).status).toBe(400)
  } finally {
    await gateway.close()
  }
  expect(await operate(through, id, 'abort')).toMatchObject({ accepted: true })
})

describe('a file of keys', () => {
  const wrong = join(folder, 'wrong.json')
  it.each([
    { text: '{', says: 'it must be {"active": ID' },
    { text: JSON.stringify({ active: 'a', keys: { b: key() } }), says: 'the active key "a" is not among its keys' },
    { text: JSON.stringify({ active: 'a', keys: { a: 'c2hvcnQ=' } }), says: 'key "a" has 5 bytes, not 32' },
    { text: JSON.stringify({ active: 'a', keys: { a: key() }, more: 1 }), says: 'it must be {"active": ID' },
  ])('that is wrong is refused: $says', ({ text, says }) => {
    writeFileSync(wrong, text)
    expect(() => readPayloadKeys(wrong)).toThrow(says)
  })

  it('that is absent is refused', () => {
    expect(() => dataConverterOfEnvironment({ SLIPWAY_PAYLOAD_KEYS: join(folder, 'none.json') })).toThrow('ENOENT')
  })
})

describe('a payload', () => {
  it('of a key that was added a moment ago is read', async () => {
    const changing = join(folder, 'changing.json')
    const [spring, summer] = [key(), key()]
    writeFileSync(changing, JSON.stringify({ active: 'spring', keys: { spring } }))
    const reading = createPayloadCodec(followPayloadKeys(changing))
    writeFileSync(changing, JSON.stringify({ active: 'summer', keys: { spring, summer } }))
    const [encrypted] = await createPayloadCodec(followPayloadKeys(changing)).encode([payload])
    const [read] = await reading.decode([encrypted ?? payload])
    expect(Buffer.from(read?.data ?? []).toString()).toBe('"the reason"')
  })

  const codecOf = (id: string, bytes = randomBytes(32)) =>
    createPayloadCodec(() => ({ active: { id, key: bytes }, all: new Map([[id, bytes]]) }))
  const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"the reason"') }

  it('of an unknown key stays as it is, which the converter refuses', async () => {
    const encrypted = await codecOf('other').encode([payload])
    expect(await codecOf('mine').decode(encrypted)).toEqual(encrypted)
  })

  it('that was changed stays as it is', async () => {
    const codec = codecOf('mine')
    const [encrypted] = await codec.encode([payload])
    const data = Buffer.from(encrypted?.data ?? [])
    data[20] = (data[20] ?? 0) ^ 1
    const changed = { ...encrypted, data }
    expect(await codec.decode([changed])).toEqual([changed])
  })

  it('that is not encrypted passes: runs of before continue', async () => {
    expect(await codecOf('mine').decode([payload])).toEqual([payload])
  })
})
