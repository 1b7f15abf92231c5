import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../contracts/canonical.js'
import { type ArtifactStore, createArtifactStore } from '../../registry/index.js'

let folder: string
let store: ArtifactStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-artifacts-'))
  store = createArtifactStore(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Every method that gives access to the bytes: each one must check them. */
const METHODS = ['get', 'path', 'verify'] as const

function overwrite(file: string, bytes: string | Uint8Array): void {
  chmodSync(file, 0o644)
  writeFileSync(file, bytes)
}

describe.each(METHODS)('%s', (method) => {
  it.each([
    ['one bit changed', 'wejghts'],
    ['truncated', 'weight'],
    ['longer', 'weights!'],
    ['empty', ''],
  ])('refuses bytes that are %s', async (_how, bytes) => {
    const digest = await store.putBytes(Buffer.from('weights'))
    overwrite(await store.path(digest), bytes)
    const message = `artifact ${digest} contains other bytes, with digest ${sha256(bytes)}`
    await expect(store[method](digest)).rejects.toMatchObject({ type: 'ArtifactMismatch', message })
  })

  it('refuses an artifact that was never stored', async () => {
    const digest = sha256('never')
    const message = `artifact ${digest} is missing from the store`
    await expect(store[method](digest)).rejects.toMatchObject({ type: 'ArtifactMismatch', message })
  })

  it('names the artifact that cannot be read', async () => {
    const digest = await store.putBytes(Buffer.from('weights'))
    const file = await store.path(digest)
    rmSync(file)
    mkdirSync(file)
    const message = expect.stringContaining(`artifact ${digest} cannot be read`) as string
    await expect(store[method](digest)).rejects.toMatchObject({ type: 'Unavailable', message })
  })

  it.each([
    ['no digest', 'weights.bin'],
    ['another algorithm', `md5:${'a'.repeat(64)}`],
    ['too short', 'sha256:abc'],
    ['upper case', `sha256:${'A'.repeat(64)}`],
    ['a path out of the folder', `sha256:../../${'a'.repeat(58)}`],
    ['an additional line', `sha256:${'a'.repeat(64)}\n`],
  ])('refuses a malformed digest: %s', async (_how, digest) => {
    await expect(store[method](digest)).rejects.toMatchObject({ type: 'BadRequest' })
  })
})

it('any bytes are returned unchanged, as bytes and as a file, and no temporary file remains', async () => {
  const source = join(folder, 'source')
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      writeFileSync(source, bytes)
      const digest = await store.putFile(source)
      expect(digest).toBe(sha256(bytes))
      expect(await store.putBytes(bytes)).toBe(digest)
      expect(new Uint8Array(await store.get(digest))).toEqual(bytes)
      expect(new Uint8Array(readFileSync(await store.path(digest)))).toEqual(bytes)
    }),
  )
  expect(readdirSync(join(folder, 'tmp'))).toEqual([])
})

it('the same bytes put concurrently are intact, and putting them again repairs damage', async () => {
  const bytes = Buffer.alloc(300_000, 7)
  const digests = await Promise.all(Array.from({ length: 8 }, () => store.putBytes(bytes)))
  expect(new Set(digests).size).toBe(1)
  const digest = await store.putBytes(bytes)
  overwrite(await store.path(digest), 'damaged')
  await store.putBytes(bytes)
  await store.verify(digest)
})

it('a missing source file leaves no files behind', async () => {
  await expect(store.putFile(join(folder, 'absent'))).rejects.toThrow('ENOENT')
  expect(readdirSync(join(folder, 'tmp'))).toEqual([])
  expect(existsSync(join(folder, 'sha256'))).toBe(false)
})
