import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TrainProgress } from '../../contracts/types.js'
import type { TrainResult } from '../../projects/project.js'
import { createMemoryMeter } from './group-memory.js'
import { killGroup } from './process-group.js'
import { type LimitsInMs, watchLimits } from './trainer-limits.js'
import { keepOutput, type TrainerOutput } from './trainer-output.js'
import type { TrainerJob } from './trainer-protocol.js'
import { readReport, resultOf } from './trainer-report.js'

const RUN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const ENTRY = fileURLToPath(new URL('./trainer-process.ts', import.meta.url))

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
export async function runTrainer(job: TrainerJob, run: TrainerRun): Promise<Trained> {
  const { outFolder, checkpointFolder } = job.request
  const jobFile = join(outFolder, 'job.json')
  await writeFile(jobFile, JSON.stringify(job))
  const output = await keepOutput(run.outputFile)
  const child = spawn(process.execPath, [RUN, ENTRY, jobFile], {
    stdio: 'pipe',
    detached: true,
    env: trainerEnvironment(),
  })
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

/** A trainer gets no access to the registry or Temporal: only the workflow moves aliases. */
function trainerEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TEMPORAL_') && name !== 'SLIPWAY_DATABASE_URL',
  )
  return Object.fromEntries(kept)
}
