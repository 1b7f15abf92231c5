/**
 * Imports, evaluations and checks of artifacts in threads of their own, outside the worker's event loop: heartbeats,
 * looks and operator actions are not delayed by them, and one that is cancelled or runs out of memory ends alone. A
 * thread does one job and ends, so its memory is given back.
 */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { spanInWords } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { EvaluationReport } from '../../contracts/types.js'
import type { Project, SnapshotDraft } from '../../projects/project.js'
import type { CheckRequest } from '../training/check-artifact.js'
import type { Compiler } from '../training/compile-project.js'
import { errorOf } from './error-transfer.js'
import { type ProjectWork, workInThisThread } from './project-work.js'
import type { ThreadAnswer, ThreadWork } from './thread-protocol.js'
import { YOUNG_MEMORY_LIMITS } from './young-memory.js'

/** To load an artifact and score a sample with it. */
const LONGEST_CHECK_MS = 5 * 60_000

/** A project that cannot be compiled without a change of its meaning works in this thread. */
export function createWorkThreads(compile: Compiler, longestCheckMs = LONGEST_CHECK_MS): ProjectWork {
  const run = async (project: Project, job: ThreadWork['job'], signal: AbortSignal): Promise<unknown> => {
    const compiled = await compile(fileURLToPath(project.folder))
    if (!compiled) return undefined
    return await inThread(compiled.thread, { module: compiled.module, source: compiled.source, job }, signal)
  }
  const checkInTime = async (project: Project, request: CheckRequest, signal: AbortSignal) => {
    const limit = new AbortController()
    const span = spanInWords(longestCheckMs)
    const problem = `the trained artifact was refused: it did not load and score the sample within ${span}`
    const timer = setTimeout(() => limit.abort(new SlipwayError('BadArtifact', problem)), longestCheckMs)
    const job = { kind: 'check', request } as const
    return await run(project, job, AbortSignal.any([signal, limit.signal])).finally(() => clearTimeout(timer))
  }
  return {
    importSnapshot: async (project, request, signal) =>
      ((await run(project, { kind: 'import', request }, signal)) as SnapshotDraft | undefined) ??
      workInThisThread.importSnapshot(project, request, signal),
    evaluate: async (project, request, signal) =>
      ((await run(project, { kind: 'evaluate', request }, signal)) as EvaluationReport | undefined) ??
      workInThisThread.evaluate(project, request, signal),
    checkArtifact: async (project, request, signal) =>
      ((await checkInTime(project, request, signal)) as true | undefined) ??
      workInThisThread.checkArtifact(project, request, signal),
  }
}

async function inThread(program: string, workerData: ThreadWork, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  const resourceLimits = YOUNG_MEMORY_LIMITS
  const thread = new Worker(program, { workerData, execArgv: ['--enable-source-maps'], resourceLimits })
  const stop = () => void thread.terminate()
  signal.addEventListener('abort', stop)
  try {
    const failed = once(thread, 'error').then(([error]) => {
      throw error
    })
    const ended = once(thread, 'exit').then(([code]) => {
      signal.throwIfAborted()
      throw new Error(`the thread of the project ended with code ${code} and without a result`)
    })
    failed.catch(() => {})
    ended.catch(() => {})
    const [answer] = (await Promise.race([once(thread, 'message'), failed, ended])) as [ThreadAnswer]
    if ('error' in answer) throw errorOf(answer.error)
    return answer.result
  } finally {
    signal.removeEventListener('abort', stop)
    await thread.terminate()
  }
}
