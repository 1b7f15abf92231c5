/** A thread that scores for a shadow. It loads the project and the candidate by itself, and shares nothing. */
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { errorText } from '../../contracts/error-text.js'
import { loadProject } from '../../projects/load.js'
import { type Candidate, type Scored, scored } from './score-in-shadow.js'
import type { ThreadBatch, ThreadMessage, ThreadStart } from './thread-messages.js'
import { waitedForProcessorMs } from './waited-for-processor.js'

/** Wall ms after which the service hears that a batch is not over. */
const ALIVE_MS = 500

/** Of a scoring, in wall ms. */
const LONG_MS = 5

const { folder, scoringMs } = workerData as ThreadStart
const post = (message: ThreadMessage) => parentPort?.postMessage(message)
const unable = (error: unknown) => post({ kind: 'unable', problem: errorText(error) })

/**
 * On Linux it is the priority of this thread alone: the kernel lets production answer first, on any number of cores.
 * Not before everything is loaded, which on a busy machine would take minutes.
 */
function stepBack(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)
}

async function start(): Promise<void> {
  const project = await loadProject(folder)
  let candidate: Candidate | undefined
  let waited = 0
  /** The system is asked after a long scoring only: asking takes longer than a small model. */
  const withoutWaiting = (one: Scored): Scored => {
    if (one.ms < LONG_MS) return one
    const before = waited
    waited = waitedForProcessorMs()
    return { ...one, ms: Math.max(LONG_MS, one.ms - (waited - before)) }
  }
  const one = async (sent: unknown, by: Candidate): Promise<Scored> => {
    // Production's thread has parsed it too.
    const parsed = project.inputSchema?.safeParse(sent) ?? { success: true, data: sent }
    return parsed.success ? withoutWaiting(await scored(project, by, parsed.data, scoringMs)) : { ms: 0 }
  }

  const scoreAll = async (inputs: readonly unknown[], by: Candidate): Promise<Scored[]> => {
    const all: Scored[] = []
    waited = waitedForProcessorMs()
    let said = performance.now()
    for (const sent of inputs) {
      all.push(await one(sent, by))
      if (performance.now() - said < ALIVE_MS) continue
      post({ kind: 'alive' })
      said = performance.now()
    }
    return all
  }

  const take = async ({ candidate: next, inputs }: ThreadBatch): Promise<void> => {
    if (next) {
      const { releaseId, manifest, loaded } = next
      try {
        candidate = { releaseId, manifest, scorer: await project.load(loaded) }
      } catch (error) {
        return unable(error)
      }
      stepBack()
      post({ kind: 'loaded' })
    }
    if (candidate) post({ kind: 'scored', scored: await scoreAll(inputs, candidate) })
  }

  // An error here ends the thread, and the service finds out which request it was.
  parentPort?.on('message', (batch: ThreadBatch) => void take(batch))
  post({ kind: 'ready' })
}

await start().catch(unable)
