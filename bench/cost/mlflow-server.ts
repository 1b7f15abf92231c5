/** MLflow's registry server on a PostgreSQL database, from a virtual environment that is made once and kept. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../../embedded/cache-folder.js'
import { freePort } from '../../embedded/free-port.js'
import { killGroup } from './kill-group.js'
import type { Opened } from './stack.js'

const REQUIREMENTS = fileURLToPath(new URL('./mlflow-requirements.txt', import.meta.url))
const READY_WITHIN_MS = 180_000

/** @returns the folder of its programs. The first time, it needs python3 with venv and a package index. */
async function programs(say: (text: string) => void): Promise<string> {
  const key = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 16)
  const folder = join(cacheFolder(), `bench-mlflow-${key}`)
  const ready = join(folder, 'installed')
  if (existsSync(ready)) return join(folder, 'bin')
  say('installing MLflow in a virtual environment, once')
  // Programs of a virtual environment contain its path, so it is made in place and marked when it is complete.
  await rm(folder, { recursive: true, force: true })
  await mkdir(cacheFolder(), { recursive: true })
  await run('python3', ['-m', 'venv', folder])
  const install = ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '-r', REQUIREMENTS]
  await run(join(folder, 'bin', 'python'), install)
  await (await open(`${ready}.draft`, 'w')).close()
  await rename(`${ready}.draft`, ready)
  return join(folder, 'bin')
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
}

/** @returns the root of its REST API */
export async function startMlflow(
  opened: Opened,
  { databaseUrl, folder, say }: { databaseUrl: string; folder: string; say: (text: string) => void },
): Promise<string> {
  const bin = await programs(say)
  const port = await freePort()
  const log = join(folder, 'mlflow.log')
  const output = await open(log, 'w')
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)]
  const store = ['--backend-store-uri', databaseUrl.replace(/^postgres:/, 'postgresql+psycopg2:')]
  const files = ['--default-artifact-root', join(folder, 'mlflow-artifacts')]
  // Its workers are processes of its group.
  const child = spawn(join(bin, 'python'), [...args, ...store, ...files], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
    env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' },
  })
  await output.close()
  opened.push(() => killGroup(child))
  const root = `http://127.0.0.1:${port}`
  await untilHealthy(root, child, log)
  return root
}

async function untilHealthy(root: string, child: ChildProcess, log: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await pause(200)) {
    const answer = await fetch(`${root}/health`).catch(() => undefined)
    if (answer?.ok) return
    if (child.exitCode !== null) break
  }
  throw new Error(`MLflow did not start:\n${(await readFile(log, 'utf8')).slice(-2_000)}`)
}
