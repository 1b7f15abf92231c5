/** A real S3 server for tests: versitygw on a folder, built with Go once and kept in the user's cache. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cacheFolder } from '../../embedded/cache-folder.js'
import { freePort } from '../../embedded/free-port.js'
import { withLock } from '../../embedded/process-lock.js'
import { endProcess } from '../../embedded/processes.js'
import { run } from '../../embedded/run-command.js'
import { isExecutable } from '../../embedded/temporal-binary.js'

const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'

export async function findS3Server(onProgress: (text: string) => void): Promise<string> {
  const bin = join(cacheFolder(), 'bin')
  const path = join(bin, 'versitygw')
  if (await isExecutable(path)) return path
  await mkdir(bin, { recursive: true })
  return withLock(join(cacheFolder(), 'versitygw.lock'), onProgress, async () => {
    if (await isExecutable(path)) return path
    onProgress('S3 server: build with Go, about 40 seconds, once …')
    const folder = await mkdtemp(join(bin, 'build-'))
    try {
      const env = { ...process.env, CGO_ENABLED: '0', GOBIN: folder }
      const ran = await run('go', ['install', MODULE], { env, timeoutMs: 20 * 60_000 })
      if (!ran.ok) throw new Error(`the S3 server could not be built (${ran.reason}); install Go`)
      await rename(join(folder, 'versitygw'), path)
      return path
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}

export interface S3Server {
  /** The AWS_* variables a client needs. */
  readonly environment: Readonly<Record<string, string>>
  readonly bucket: string
  /** The bucket's files on disk. */
  readonly folder: string
  stop(): Promise<void>
}

/** @param keys of the owner, beside whom there may be accounts of users */
export async function s3Server(keys = { access: 'slipway-test', secret: 'slipway-test-secret' }): Promise<S3Server> {
  const path = await findS3Server(() => {})
  const root = mkdtempSync(join(tmpdir(), 'slipway-s3-'))
  const accounts = mkdtempSync(join(tmpdir(), 'slipway-s3-accounts-'))
  const bucket = 'artifacts'
  mkdirSync(join(root, bucket))
  const port = await freePort()
  const options = ['--port', `127.0.0.1:${port}`, '--iam-dir', accounts, '--iam-cache-disable']
  const child = spawn(path, [...options, 'posix', root], {
    env: { ...process.env, ROOT_ACCESS_KEY: keys.access, ROOT_SECRET_KEY: keys.secret },
    stdio: 'ignore',
  })
  const { pid } = child
  const stop = async () => {
    if (pid !== undefined) await endProcess(pid)
    for (const folder of [root, accounts]) rmSync(folder, { recursive: true, force: true })
  }
  const endpoint = `http://127.0.0.1:${port}`
  for (const deadline = Date.now() + 30_000; ; await pause(50)) {
    if (await fetch(endpoint).then(Boolean, () => false)) break
    if (child.exitCode === null && Date.now() < deadline) continue
    await stop()
    throw new Error(`the S3 server did not start at ${endpoint}`)
  }
  return {
    bucket,
    folder: join(root, bucket),
    stop,
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: keys.access,
      AWS_SECRET_ACCESS_KEY: keys.secret,
    },
  }
}
