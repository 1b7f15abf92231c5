/**
 * The candidate of a shadow scores in a thread of low priority: a model that computes for long delays no answer of
 * production, and one that ends its thread ends nothing else. The thread starts with the first request, and ends when
 * none has come for a while.
 */
import { extname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { errorText } from '../../contracts/error-text.js'
import type { Project } from '../../projects/project.js'
import type { Answered, Scored } from './score-in-shadow.js'
import { type ShadowScorer, scoresInThisThread } from './scorer.js'
import type { ThreadBatch, ThreadMessage, ThreadStart } from './thread-messages.js'

/** Compiled sources run from another folder than the one that `import.meta.url` names. */
const PROGRAM = join(import.meta.dirname, `thread-program${extname(import.meta.filename)}`)
const ENTRY = new URL('./thread-entry.js', import.meta.url)
const MOST = 64
/**
 * Wall ms. A thread that starts takes processor time, so a candidate that always ends it must not do so all the time.
 */
const AGAIN_MS = 1_000
const IDLE_MS = 60_000
const CLOSING_MS = 1_000
/** Wall ms beyond the limit of one scoring after which a thread that said nothing hangs. */
const SILENT_MS = 5_000

export interface ThreadOptions {
  readonly scoringMs: number
  readonly onProblem?: ((text: string) => void) | undefined
}

/** `ended`: the thread has ended, by itself or because it was silent. `unable`: it cannot score at all. */
type Reply = { readonly scored: readonly Scored[] } | { readonly ended: string } | { readonly unable: string }

/** A project that cannot be loaded in a thread is scored in this one. */
export function scoresInThread(project: Project, { scoringMs, onProblem }: ThreadOptions): ShadowScorer {
  const here = scoresInThisThread(scoringMs)
  let thread: Thread | undefined
  let unable = false
  let closed = false
  let restAfter = 0
  let idle: NodeJS.Timeout | undefined
  const endThread = async () => {
    const last = thread
    thread = undefined
    await last?.end('it was not used')
  }

  const ask = async (requests: readonly Answered[]): Promise<Reply> => {
    await pause(Math.max(0, restAfter - performance.now()))
    if (closed) return { ended: 'the service stops' }
    // One that ended while nothing was scored.
    if (thread?.isOver) await endThread()
    thread ??= startThread({ program: PROGRAM, folder: fileURLToPath(project.folder), scoringMs })
    const reply = await thread.ask(requests)
    if ('scored' in reply) return reply
    await endThread()
    restAfter = performance.now() + AGAIN_MS
    return reply
  }

  const scoreAll = async (requests: readonly Answered[]): Promise<(Scored | null)[]> => {
    const results: (Scored | null)[] = []
    let most = requests.length
    while (results.length < requests.length) {
      const batch = requests.slice(results.length, results.length + most)
      const reply = closed ? { ended: 'the service stops' } : await ask(batch)
      if ('scored' in reply) results.push(...reply.scored)
      else if (closed) results.push(...batch.map(() => null))
      else if ('unable' in reply) {
        unable = true
        onProblem?.(`the shadow of ${project.name} is scored in the thread of the answers: ${reply.unable}`)
        for (const request of requests.slice(results.length)) results.push(...(await here.score([request])))
      } else if (batch.length > 1) most = 1
      else {
        onProblem?.(`a thread of the shadow of ${project.name} ended while it scored: ${reply.ended}`)
        results.push({ ms: scoringMs })
      }
    }
    return results
  }

  return {
    get most() {
      return unable ? here.most : MOST
    },
    get sharesLoop() {
      return unable
    },
    async score(requests) {
      if (unable) return here.score(requests)
      clearTimeout(idle)
      try {
        return await scoreAll(requests)
      } finally {
        idle = setTimeout(() => void endThread(), IDLE_MS).unref()
      }
    },
    async close() {
      clearTimeout(idle)
      await Promise.race([thread?.idle(), pause(CLOSING_MS, undefined, { ref: false })])
      closed = true
      await endThread()
    },
  }
}

type Thread = ReturnType<typeof startThread>

function startThread(workerData: ThreadStart) {
  const worker = new Worker(ENTRY, { workerData, execArgv: ['--enable-source-maps'] })
  let releaseId = ''
  let answer: ((reply: Reply) => void) | undefined
  let asking: Promise<unknown> = Promise.resolve()
  let over: Reply | undefined
  let silence: NodeJS.Timeout | undefined
  const settle = (reply: Reply) => {
    clearTimeout(silence)
    const waiting = answer
    answer = undefined
    waiting?.(reply)
  }
  const end = (reply: Reply) => {
    over ??= reply
    settle(over)
  }
  // What loads has no limit: requests are shed meanwhile. A thread of low priority waits for its turn.
  const watch = () => {
    clearTimeout(silence)
    silence = setTimeout(() => {
      end({ ended: 'it gave no answer in time' })
    }, workerData.scoringMs + SILENT_MS)
  }
  let loading = true
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind === 'scored') return settle({ scored: message.scored })
    if (message.kind === 'unable') return end({ unable: message.problem })
    loading = false
    if (message.kind !== 'ready' && answer) watch()
  })
  worker.on('error', (error) => end(loading ? { unable: errorText(error) } : { ended: errorText(error) }))
  worker.on('exit', (code) => end(loading ? { unable: `it ended with code ${code}` } : { ended: `code ${code}` }))
  return {
    ask(requests: readonly Answered[]): Promise<Reply> {
      if (over) return Promise.resolve(over)
      const other = requests[0]?.tuples.other
      if (!other) return Promise.resolve({ scored: [] })
      const { manifest, loaded } = other
      const candidate =
        other.releaseId === releaseId ? {} : { candidate: { releaseId: other.releaseId, manifest, loaded } }
      releaseId = other.releaseId
      const reply = new Promise<Reply>((resolve) => {
        answer = resolve
      })
      asking = reply
      if (!candidate.candidate && !loading) watch()
      const batch: ThreadBatch = { ...candidate, inputs: requests.map(({ sent }) => sent) }
      worker.postMessage(batch)
      return reply
    },
    get isOver() {
      return over !== undefined
    },
    /** Resolves when nothing is scored. */
    idle: () => asking,
    async end(why: string) {
      end({ ended: why })
      await worker.terminate()
    },
  }
}
