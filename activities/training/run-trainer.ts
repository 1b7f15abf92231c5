import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainProgress } from '../../contracts/types.js'
import type { TrainResult } from '../../projects/project.js'
import { createMemoryMeter } from './group-memory.js'
import { killGroup } from './process-group.js'
import { createTrainerStart, type TrainerStart, type TrainerStartOptions } from './start-trainer.js'
import { type LimitsInMs, watchLimits } from './trainer-limits.js'
import { keepOutput, type TrainerOutput } from './trainer-output.js'
import type { TrainerJob } from './trainer-protocol.js'
import { readReport, resultOf } from './trainer-report.js'

export interface TrainerRun {
  readonly signal: AbortSignal
  readonly limits: LimitsInMs
  /** Outside the folders whose size is limited. */
  readonly outputFile: string
  readonly onProgress: (progress: TrainProgress) => void
}

export interface TrainerReport {
  readonly output: TrainerOutput
  /** All its processes together on Linux, sampled twice a second; elsewhere its own report, null after a crash. */
  readonly peakMemoryBytes: number | null
}

/** A result or an error, and in both cases the report. */
export type Trained = TrainerReport & ({ readonly result: TrainResult } | { readonly error: unknown })

/**
 * Trains in a separate process group, outside the worker's event loop. No process of the group is left when this
 * returns. The error is TrainerFailed for a crash, TrainerMisbehaved beyond a limit or without an artifact, the
 * trainer's own BadData or BadRequest, or the reason of `signal`.
 */
async function train(trainers: TrainerStart, job: TrainerJob, run: TrainerRun): Promise<Trained> {
  const { outFolder, checkpointFolder } = job.request
  const jobFile = join(outFolder, 'job.json')
  await writeFile(jobFile, JSON.stringify(job))
  const output = await keepOutput(run.outputFile)
  const child = await trainers.start(job.folder, jobFile, [outFolder, checkpointFolder])
  let lastOutputAt = performance.now()
  const limit = new AbortController()
  const endWatch = watchLimits(
    run.limits,
    { folders: [outFolder, checkpointFolder], lastOutputAt: () => lastOutputAt },
    (problem) => limit.abort(problem),
  )
  const memory = createMemoryMeter(child.pid)
  const signal = AbortSignal.any([run.signal, limit.signal])
  const kill = () => killGroup(child)
  signal.addEventListener('abort', kill)
  if (signal.aborted) kill()
  const onOutput = () => {
    lastOutputAt = performance.now()
  }
  let ended: { result: TrainResult } | { error: unknown }
  let ownPeak = 0
  try {
    const reported = await readReport(child, output, { onOutput, onProgress: run.onProgress })
    ownPeak = reported.peakMemoryBytes
    signal.throwIfAborted()
    ended = { result: await resultOf(reported, outFolder, output.tail()) }
  } catch (error) {
    ended = { error }
  } finally {
    signal.removeEventListener('abort', kill)
    endWatch()
  }
  return { ...ended, output: await output.close(), peakMemoryBytes: Math.max(ownPeak, memory.stop()) || null }
}

export type RunTrainer = (job: TrainerJob, run: TrainerRun) => Promise<Trained>

/** @param workFolder where the compiled code of projects is kept */
export function createTrainerRunner(workFolder: string): RunTrainer {
  const trainers = createTrainerStart(workFolder)
  return (job, run) => train(trainers, job, run)
}

/** After a training of a project, a process for its next one is started and waits, until it is needed or `close`. */
export function createWarmTrainerRunner(workFolder: string, options: TrainerStartOptions = {}) {
  const trainers = createTrainerStart(workFolder, options)
  const runTrainer: RunTrainer = (job, run) => train(trainers, job, run).finally(() => trainers.prepare(job.folder))
  return { runTrainer, close: trainers.close }
}
