/** Who runs workflows and shared activities as a process of its own, so that it can be killed. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Accidents } from './accidents.js'
import type { LaneClock } from './clock.js'

const ENTRY = fileURLToPath(new URL('shared-worker-main.ts', import.meta.url))
const ENDS_WITHIN_MS = 20_000

/** As the process is given it, in JSON. */
export interface SharedWorkerOptions {
  readonly address: string
  readonly databaseUrl: string
  readonly artifactsFolder: string
  readonly folder: string
  /** The file that holds the workflows' bundle. */
  readonly bundle: string
}

/** From the process: what time is it? Where an activity is done, in which attempt. */
export interface Question {
  readonly id: number
  readonly done: number | null
}
export interface Answer {
  readonly id: number
  readonly now: number
  /** Whether nobody is to hear that the activity is done. */
  readonly lost: boolean
}

export interface SharedWorker {
  /** `kill -9`; returns once it has ended. */
  kill(): Promise<void>
  shutdown(): Promise<void>
}

/** @returns once it polls */
export async function startSharedWorker(
  options: SharedWorkerOptions,
  { clock, accidents }: { clock: LaneClock; accidents: Accidents },
): Promise<SharedWorker> {
  const child = fork(ENTRY, [JSON.stringify(options)], { execArgv: ['--import', import.meta.resolve('tsx')] })
  const ended = once(child, 'exit')
  const answer = async ({ id, done }: Question) => {
    const told: Answer = { id, now: await clock.tick(), lost: done !== null && accidents.takes(done) }
    // It may be gone by now.
    child.send(told, () => {})
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
