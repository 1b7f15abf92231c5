/** A worker as a process that a test may kill: `workers/main.ts`, for the toy project only. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { RUN_SOURCE } from './run-source.js'
import { bundleEnvironment } from './workflow-bundle.js'

const ENTRY = fileURLToPath(new URL('../../workers/main.ts', import.meta.url))

export interface WorkerProcess {
  readonly pid: number
  /** Folder of its trainers' work. */
  readonly workFolder: string
  /** `kill -9`; returns once it has ended. */
  kill(): Promise<void>
  /** Sends SIGTERM, and SIGKILL when the process does not end in time. @returns its exit code */
  stop(): Promise<number | null>
}

/** @returns when the worker polls */
export async function startWorkerProcess(
  environment: Readonly<Record<string, string>>,
  projects: readonly string[] = ['toy'],
): Promise<WorkerProcess> {
  const bundle = await bundleEnvironment()
  const child = spawn(process.execPath, [RUN_SOURCE, ENTRY, ...projects], {
    env: { ...process.env, ...bundle, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit') as Promise<[number | null]>
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => line === 'worker ready' && resolve())
  })
  const failed = ended.then(([code]) => Promise.reject(new Error(`the worker ended with ${code}: ${errors}`)))
  await Promise.race([ready, failed])
  failed.catch(() => {})
  if (child.pid === undefined) throw new Error('a process that started has an id')
  return {
    pid: child.pid,
    workFolder: join(environment.SLIPWAY_HOME ?? '', 'work'),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
      const [code] = await ended
      clearTimeout(late)
      return code
    },
  }
}
