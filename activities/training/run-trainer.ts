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

/** A process that left the trainer's group may hold its outputs open: nobody waits longer for it. */
const OUTPUTS_CLOSE_WITHIN_MS = 2_000

export interface TrainerRun {
  readonly signal: AbortSignal
  readonly limits: LimitsInMs
  /** Outside the folders that are watched. */
  readonly outputFile: string
  readonly onProgress: (progress: TrainProgress) => void
}

export interface TrainerReport {
  readonly output: TrainerOutput
  /** Of all its processes together where the system tells, sampled twice a second; null for a crash where it does not. */
  readonly peakMemoryBytes: number | null
}

/** Either came of it, and always the report of how. */
export type Trained = TrainerReport & ({ readonly result: TrainResult } | { readonly error: unknown })

/**
 * Trains in a process group of its own, off the worker's event loop; nobody of the group is left when this returns. The
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
  let lastHeard = performance.now()
  const limit = new AbortController()
  const endWatch = watchLimits(
    run.limits,
    { folders: [outFolder, checkpointFolder], lastHeard: () => lastHeard },
    (problem) => limit.abort(problem),
  )
  const memory = createMemoryMeter(child.pid)
  const signal = AbortSignal.any([run.signal, limit.signal])
  const kill = () => killGroup(child)
  signal.addEventListener('abort', kill)
  if (signal.aborted) kill()
  const heard = () => {
    lastHeard = performance.now()
  }
  let ended: { result: TrainResult } | { error: unknown }
  let ownPeak = 0
  try {
    const said = await listen(child, output, { heard, onProgress: run.onProgress })
    ownPeak = said.peakMemoryBytes
    signal.throwIfAborted()
    ended = { result: await resultOf(said, outFolder, output.tail()) }
  } catch (error) {
    ended = { error }
  } finally {
    signal.removeEventListener('abort', kill)
    endWatch()
  }
  return { ...ended, output: await output.close(), peakMemoryBytes: Math.max(ownPeak, memory.stop()) || null }
}

/** A trainer has no way to the registry or to Temporal: aliases move by the workflow alone. */
function trainerEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TEMPORAL_') && name !== 'SLIPWAY_DATABASE_URL',
  )
  return Object.fromEntries(kept)
}

interface Said {
  /** `exit code 0`, or the signal that ended it. */
  readonly end: string
  readonly result: TrainResult | undefined
  /** Of the trainer's own process; 0 where it did not come to say it. */
  readonly peakMemoryBytes: number
  readonly error: Extract<TrainerLine, { error: unknown }>['error'] | undefined
}

async function listen(
  child: ChildProcess,
  output: OutputKeeper,
  { heard, onProgress }: { heard: () => void; onProgress: (progress: TrainProgress) => void },
): Promise<Said> {
  let result: Said['result']
  let peakMemoryBytes = 0
  let error: Said['error']
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
      heard()
      reader.take(chunk)
    })
  }
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, killedBy) => {
      // At once, while its id is its own: what it started and left behind ends with it.
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

async function resultOf({ end, result, error }: Said, outFolder: string, tail: string): Promise<TrainResult> {
  const printed = tail === '' ? 'it printed nothing else' : `the end of its output: ${tail}`
  if (error) throw new SlipwayError(error.type, tail === '' ? error.message : `${error.message}; ${printed}`)
  if (end !== 'exit code 0') throw new SlipwayError('TrainerFailed', `the trainer ended with ${end}; ${printed}`)
  if (!result) {
    throw new SlipwayError('TrainerMisbehaved', `the trainer ended well but reported no artifact; ${printed}`)
  }
  return { ...result, artifactFile: await requireArtifact(outFolder, result.artifactFile) }
}
