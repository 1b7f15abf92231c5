import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type S3Server, s3Server } from '../support/s3-server.js'

const MAIN = fileURLToPath(new URL('../support/transfer-artifact-main.ts', import.meta.url))
const LARGE_BYTES = 500 * 1024 ** 2
/** Chunks that wait to be sent, and those that are not collected yet. */
const BOUND_BYTES = LARGE_BYTES / 2

let server: S3Server
let folder: string

beforeAll(async () => {
  server = await s3Server()
  folder = mkdtempSync(join(tmpdir(), 'slipway-transfer-'))
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('an artifact of 500 MB is stored in S3, checked and fetched without being in memory as a whole', async () => {
  const [small, large, cache] = ['small', 'large', 'cache'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(small, 'a model')
  writeFileSync(large, '')
  truncateSync(large, LARGE_BYTES)
  const args = ['--import', import.meta.resolve('tsx'), MAIN, `s3://${server.bucket}/models`, cache, small, large]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...server.environment },
  })
  const [before = 0, after = 0] = JSON.parse(stdout) as number[]
  expect(statSync(large).size).toBe(LARGE_BYTES)
  expect(after - before, `peak memory grew from ${before} to ${after} bytes`).toBeLessThan(BOUND_BYTES)
})
