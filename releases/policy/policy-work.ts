/**
 * Computations on policies beside a service that answers requests: each in a thread of its own, few at a time, for a
 * limited time and in limited memory. One whose asker has left is ended.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type FailureType, SlipwayError } from '../../contracts/failure.js'
import type { PolicyJobKind, PolicyRequests, PolicyResults } from './policy-job.js'

export type ThreadAnswer =
  | { readonly result: PolicyResults[PolicyJobKind] }
  /** @param type of a SlipwayError */
  | { readonly problem: string; readonly type: FailureType | null }

export interface PolicyWork {
  /** @throws SlipwayError BadRequest for what cannot be computed, Unavailable when too many wait */
  compute<Kind extends PolicyJobKind>(
    kind: Kind,
    request: PolicyRequests[Kind],
    signal: AbortSignal,
  ): Promise<PolicyResults[Kind]>
  /** It computes no more, because the service ends. */
  readonly closed: boolean
  close(): void
}

export interface PolicyWorkOptions {
  readonly atOnce?: number
  /** Computations that may wait. */
  readonly waiting?: number
  /** Wall ms of one computation. */
  readonly longestMs?: number
}

const MEMORY_MB = 512

export function createPolicyWork(options: PolicyWorkOptions = {}): PolicyWork {
  const { atOnce = 1, waiting = 4, longestMs = 30_000 } = options
  const closed = new AbortController()
  const queue: (() => void)[] = []
  let running = 0

  async function place(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (running < atOnce) {
      running += 1
      return
    }
    if (queue.length >= waiting)
      throw new SlipwayError(
        'Unavailable',
        `${running + queue.length} computations run or wait already; nothing was computed: try again in a minute, or use slipway judge on another machine`,
      )
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(next), 1)
        reject(signal.reason)
      }
      // The place of the one before is handed over.
      const next = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      queue.push(next)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  const giveBack = () => {
    const next = queue.shift()
    if (next) next()
    else running -= 1
  }

  return {
    async compute(kind, request, asker) {
      const signal = AbortSignal.any([asker, closed.signal])
      await place(signal)
      try {
        const answer = await inThread({ kind, request }, signal, longestMs)
        if ('problem' in answer) throw new SlipwayError(answer.type ?? 'BadRequest', answer.problem)
        return answer.result as PolicyResults[typeof kind]
      } finally {
        giveBack()
      }
    },
    get closed() {
      return closed.signal.aborted
    },
    close: () => closed.abort(new SlipwayError('Unavailable', 'this service ends just now; nothing was computed')),
  }
}

async function inThread(workerData: unknown, signal: AbortSignal, longestMs: number): Promise<ThreadAnswer> {
  signal.throwIfAborted()
  const { file, argv } = program()
  const thread = new Worker(file, {
    workerData,
    argv,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  })
  const late = `it was not finished within ${longestMs / 1000} s and was ended: ask for fewer runs or less traffic, or use slipway judge`
  const answer = new Promise<ThreadAnswer>((resolve, reject) => {
    const leave = () => reject(signal.reason)
    const timer = setTimeout(() => resolve({ problem: late, type: 'BadRequest' }), longestMs)
    const failed = (error: unknown) =>
      isOutOfMemory(error)
        ? resolve({ problem: `it needs more than ${MEMORY_MB} MB of memory: ask for less`, type: 'BadRequest' })
        : reject(error)
    signal.addEventListener('abort', leave, { once: true })
    thread.once('message', resolve)
    thread.once('error', failed)
    thread.once('exit', (code) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', leave)
      reject(new Error(`the thread ended with code ${code} and without a result`))
    })
  })
  try {
    return await answer
  } finally {
    await thread.terminate()
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'

/** Beside this module where it runs compiled; otherwise compiled by the program that runs sources. */
function program(): { file: string; argv: string[] } {
  try {
    const compiled = fileURLToPath(import.meta.resolve('./policy-thread.js'))
    if (compiled.endsWith('.js') && existsSync(compiled)) return { file: compiled, argv: [] }
  } catch {
    // A test runner has no module beside this one.
  }
  const source = fileURLToPath(new URL('./policy-thread.ts', import.meta.url))
  return { file: fileURLToPath(new URL('../../bin/run.js', import.meta.url)), argv: [source] }
}
