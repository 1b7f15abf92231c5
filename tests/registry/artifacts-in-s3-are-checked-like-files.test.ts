import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { sha256 } from '../../contracts/canonical.js'
import { createBoundedCache } from '../../registry/artifacts/bounded-cache.js'
import { createS3Store } from '../../registry/artifacts/s3-store.js'
import { type ArtifactStore, createArtifactStore } from '../../registry/index.js'
import { type S3Server, s3Server } from '../support/s3-server.js'

let server: S3Server
let cache: string
let store: ArtifactStore

beforeAll(async () => {
  server = await s3Server()
  cache = mkdtempSync(join(tmpdir(), 'slipway-cache-'))
})
afterAll(async () => {
  await server?.stop()
  rmSync(cache, { recursive: true, force: true })
})
beforeEach(() => {
  store = open()
})

const open = (changes: Record<string, string> = {}, location = `s3://${server.bucket}/releases`) =>
  createS3Store(location, createBoundedCache(cache, 2 ** 30), { ...server.environment, ...changes })

const objects = () =>
  readdirSync(join(server.folder, 'releases'), { recursive: true, withFileTypes: true }).filter((item) => item.isFile())

/** Changes the bytes without the store, as a disk or a person may do. */
function damage(digest: string): void {
  const hex = digest.slice('sha256:'.length)
  writeFileSync(join(server.folder, 'releases', 'sha256', hex.slice(0, 2), hex), 'other bytes')
}

it('bytes are returned unchanged, as bytes and as a file, and storing them twice makes one object', async () => {
  const bytes = Buffer.from('a model')
  const digest = await store.putBytes(bytes)
  expect(digest).toBe(sha256(bytes))
  const file = join(cache, 'model.json')
  writeFileSync(file, bytes)
  expect(await Promise.all([store.putFile(file), store.putBytes(bytes)])).toEqual([digest, digest])
  expect(objects()).toHaveLength(1)
  expect(Buffer.from(await store.get(digest))).toEqual(bytes)
  expect(readFileSync(await store.path(digest))).toEqual(bytes)
})

it('bytes that do not match their digest are refused, also as a file, and repaired by putting them again', async () => {
  const digest = await store.putBytes(Buffer.from('to be damaged'))
  damage(digest)
  for (const method of ['get', 'path', 'verify'] as const) {
    await expect(store[method](digest)).rejects.toMatchObject({ type: 'ArtifactMismatch' })
  }
  await store.putBytes(Buffer.from('to be damaged'))
  await store.verify(digest)
})

it('a missing artifact, a wrong key and an unreachable server are different errors', async () => {
  const absent = sha256('never put')
  await expect(store.get(absent)).rejects.toMatchObject({ type: 'ArtifactMismatch', message: /is missing/ })
  const stranger = open({ AWS_SECRET_ACCESS_KEY: 'wrong' })
  await expect(stranger.get(absent)).rejects.toMatchObject({ type: 'Unavailable', message: /answers 403/ })
  await expect(stranger.putBytes(Buffer.from('x'))).rejects.toMatchObject({ type: 'Unavailable', message: /403/ })
  const unreachable = open({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' })
  await expect(unreachable.get(absent)).rejects.toMatchObject({ type: 'Unavailable', message: /does not answer/ })
})

it('a malformed location or a missing key is named', () => {
  expect(() => open({}, 's3:///x')).toThrow('write s3://bucket/prefix')
  expect(() => open({ AWS_ACCESS_KEY_ID: '' })).toThrow('AWS_ACCESS_KEY_ID is not set')
  expect(() => createArtifactStore('s3://')).toThrow('write s3://bucket/prefix')
})

it('a removed artifact is gone from the bucket and the cache, can be removed again, and can be stored again', async () => {
  const digest = await store.putBytes(Buffer.from('long ago'))
  await store.path(digest)
  expect(await store.size(digest)).toBe('long ago'.length)
  await store.remove(digest)
  await store.remove(digest)
  expect(await store.size(digest)).toBeNull()
  await expect(store.path(digest)).rejects.toMatchObject({ type: 'ArtifactMismatch', message: /is missing/ })
  await store.putBytes(Buffer.from('long ago'))
  await store.verify(digest)
  const stranger = open({ AWS_SECRET_ACCESS_KEY: 'wrong' })
  await expect(stranger.remove(digest)).rejects.toMatchObject({ type: 'Unavailable', message: /answers 403/ })
  await expect(stranger.size(digest)).rejects.toMatchObject({ type: 'Unavailable', message: /answers 403/ })
})

it('a file of many chunks is stored and fetched without loss, and an empty one too', async () => {
  for (const mebibytes of [0, 16]) {
    const bytes = Buffer.alloc(mebibytes << 20, 'slipway')
    const big = join(cache, 'big.bin')
    writeFileSync(big, bytes)
    const digest = await store.putFile(big)
    expect(digest).toBe(sha256(bytes))
    expect(readFileSync(await store.path(digest)).equals(bytes)).toBe(true)
    await store.verify(digest)
  }
})

it('the local copies stay below their bound: the one used longest ago goes first, and none that may be in use', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bounded-'))
  const small = createS3Store(`s3://${server.bucket}/releases`, createBoundedCache(folder, 2_500), server.environment)
  const dayAgo = new Date(Date.now() - 25 * 3_600_000)
  const use = async (letter: string) => {
    const digest = await small.putBytes(Buffer.alloc(1_000, letter))
    return { digest, path: await small.path(digest) }
  }
  try {
    const [a, b] = [await use('a'), await use('b')]
    const c = await use('c')
    // All were used just now.
    expect([a, b, c].map(({ path }) => existsSync(path))).toEqual([true, true, true])
    utimesSync(a.path, dayAgo, dayAgo)
    utimesSync(b.path, dayAgo, new Date(dayAgo.getTime() - 1_000))
    await small.path(a.digest)
    const d = await use('d')
    expect([a, b, c, d].map(({ path }) => existsSync(path))).toEqual([true, false, true, true])
    expect(readFileSync(await small.path(b.digest))).toEqual(Buffer.alloc(1_000, 'b'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('a local copy that another process removes while it is read is fetched again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-removed-'))
  const location = `s3://${server.bucket}/releases`
  const other = createS3Store(location, createBoundedCache(folder, 2 ** 30), server.environment)
  try {
    const bytes = Buffer.from('removed while it is read')
    const digest = await other.putBytes(bytes)
    const copy = await other.path(digest)
    rmSync(copy)
    // Its reader sees the end of a pipe only when the writer closes it: then the name is gone.
    execFileSync('mkfifo', [copy])
    const read = other.path(digest)
    const writer = await openFile(copy, 'w')
    await writer.writeFile(bytes)
    rmSync(copy)
    await writer.close()
    expect(readFileSync(await read)).toEqual(bytes)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
