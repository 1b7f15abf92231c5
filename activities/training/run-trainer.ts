import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../../contracts/failure.js'
import type { TrainProgress } from '../../contracts/types.js'
import type { TrainResult } from '../../projects/project.js'
import { createMemoryMeter } from './group-memory.js'
import { killGroup } from './process-group.js'
import { requireArtifact } from './require-artifact.js'
import { type LimitsInMs, watchLimits } from './trainer-limits.js'
import { keepOutput, type OutputKeeper, type TrainerOutput } from './trainer-output.js'
import { parseLine, type TrainerJob, type TrainerLine } from './trainer-protocol.js'

const ENTRY = fileURLToPath(new URL('./trainer-process.ts', import.meta.url))

/** A process that left the trainer's group may keep its outputs open: they are closed after this time. */
const OUTPUTS_CLOSE_WITHIN_MS = 2_000

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
 * Trains in a separate process group, outside the worker's event loop. No process of the group is left when this returns. The
 * error is TrainerFailed for a crash, TrainerMisbehaved beyond a limit or without an artifact, the trainer's own BadData or
 * BadRequest, or the reason of `signal`.
 */
export async function runTrainer(job: TrainerJob, run: TrainerRun): Promise<Trained> {
  const { outFolder, checkpointFolder } = job.request
  const jobFile = join(outFolder, 'job.json')
  await writeFile(jobFile, JSON.stringify(job))
  const output = await keepOutput(run.outputFile)
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), ENTRY, jobFile], {
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

interface Reported {
  /** `exit code 0`, or the signal that ended it. */
  readonly end: string
  readonly result: TrainResult | undefined
  /** The trainer's own process; 0 if it did not report it. */
  readonly peakMemoryBytes: number
  readonly error: Extract<TrainerLine, { error: unknown }>['error'] | undefined
}

async function readReport(
  child: ChildProcess,
  output: OutputKeeper,
  { onOutput, onProgress }: { onOutput: () => void; onProgress: (progress: TrainProgress) => void },
): Promise<Reported> {
  let result: Reported['result']
  let peakMemoryBytes = 0
  let error: Reported['error']
  const readers = [
    [
      child.stdout,
      output.reader((text) => {
        const line = parseLine(text)
        if (!line) return false
        if ('progress' in line) onProgress(line.progress)
        else if ('error' in line) error = line.error
        else ({ result, peakMemoryBytes } = line)
        return true
      }),
    ],
    [child.stderr, output.reader()],
  ] as const
  for (const [stream, reader] of readers) {
    stream?.on('data', (chunk: Buffer) => {
      onOutput()
      reader.take(chunk)
    })
  }
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, killedBy) => {
      // At once, before another process can get its id: this also ends processes that it left behind.
      killGroup(child)
      resolve(killedBy ?? `exit code ${code}`)
    })
  })
  await Promise.race([closed, sleep(OUTPUTS_CLOSE_WITHIN_MS, undefined, { ref: false })])
  for (const [stream, reader] of readers) {
    stream?.destroy()
    reader.end()
  }
  return { end, result, peakMemoryBytes, error }
}

async function resultOf({ end, result, error }: Reported, outFolder: string, tail: string): Promise<TrainResult> {
  const printed = tail === '' ? 'it printed nothing else' : `the end of its output: ${tail}`
  if (error) throw new SlipwayError(error.type, tail === '' ? error.message : `${error.message}; ${printed}`)
  if (end !== 'exit code 0') throw new SlipwayError('TrainerFailed', `the trainer ended with ${end}; ${printed}`)
  if (!result) {
    throw new SlipwayError('TrainerMisbehaved', `the trainer exited with code 0 but reported no artifact; ${printed}`)
  }
  return { ...result, artifactFile: await requireArtifact(outFolder, result.artifactFile) }
}
