/** Runs workflows and shared activities in a separate process, so that it can be killed. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { RUN_SOURCE } from '../../support/run-source.js'
import type { Accidents } from './accidents.js'
import type { ServerClock } from './server-clock.js'

const ENTRY = fileURLToPath(new URL('shared-worker-main.ts', import.meta.url))
const ENDS_WITHIN_MS = 20_000

/** The argument of the process, as JSON. */
export interface SharedWorkerOptions {
  readonly address: string
  readonly databaseUrl: string
  readonly artifactsFolder: string
  readonly folder: string
  /** File of the workflow bundle. */
  readonly bundle: string
}

/** The process asks for the time and, after an activity, whether its completion is lost. */
export interface Question {
  readonly id: number
  /** The attempt of the activity that has run; null for the time only. */
  readonly done: number | null
}
export interface Answer {
  readonly id: number
  readonly now: number
  /** Whether the completion of the activity is lost. */
  readonly lost: boolean
}

export interface SharedWorker {
  /** `kill -9`; returns once it has ended. */
  kill(): Promise<void>
  shutdown(): Promise<void>
}

/** @returns once the worker polls */
export async function startSharedWorker(
  options: SharedWorkerOptions,
  { clock, accidents }: { clock: ServerClock; accidents: Accidents },
): Promise<SharedWorker> {
  const child = fork(RUN_SOURCE, [ENTRY, JSON.stringify(options)], { execArgv: [] })
  const ended = once(child, 'exit')
  const answer = async ({ id, done }: Question) => {
    const reply: Answer = { id, now: await clock.tick(), lost: done !== null && accidents.takes(done) }
    // The callback ignores errors: the process may have ended.
    child.send(reply, () => {})
  }
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: 'ready' | Question) => {
      if (message === 'ready') resolve()
      else void answer(message)
    })
  })
  const failed = ended.then(([code]) => Promise.reject(new Error(`the worker ended with ${code}`)))
  await Promise.race([ready, failed])
  failed.catch(() => {})
  return {
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async shutdown() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
      await ended
      clearTimeout(late)
    },
  }
}
