import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { SlipwayError } from '../../contracts/failure.js'
import type { TrainProgress } from '../../contracts/types.js'
import type { TrainResult } from '../../projects/project.js'
import { killGroup } from './process-group.js'
import { requireArtifact } from './require-artifact.js'
import type { OutputKeeper } from './trainer-output.js'
import { parseLine, type TrainerLine } from './trainer-protocol.js'

/** A process that left the trainer's group may keep its outputs open: they are closed after this time. */
const OUTPUTS_CLOSE_WITHIN_MS = 2_000

/** What a trainer reported until its process ended. */
interface Reported {
  /** `exit code 0`, or the signal that ended it. */
  readonly end: string
  readonly result: TrainResult | undefined
  /** The trainer's own process; 0 if it did not report it. */
  readonly peakMemoryBytes: number
  readonly error: Extract<TrainerLine, { error: unknown }>['error'] | undefined
}

/** Reads lines of the protocol and other output until the process has ended. */
export async function readReport(
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

/** @throws SlipwayError if the trainer reported an error, crashed, or left no artifact */
export async function resultOf(
  { end, result, error }: Reported,
  outFolder: string,
  tail: string,
): Promise<TrainResult> {
  const printed = tail === '' ? 'it printed nothing else' : `the end of its output: ${tail}`
  if (error) throw new SlipwayError(error.type, tail === '' ? error.message : `${error.message}; ${printed}`)
  if (end !== 'exit code 0') throw new SlipwayError('TrainerFailed', `the trainer ended with ${end}; ${printed}`)
  if (!result) {
    throw new SlipwayError('TrainerMisbehaved', `the trainer exited with code 0 but reported no artifact; ${printed}`)
  }
  return { ...result, artifactFile: await requireArtifact(outFolder, result.artifactFile) }
}
