import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../../contracts/failure.js'
import type { TrainProgress, TrainResult } from '../../projects/project.js'
import type { TrainerJob, TrainerLine } from './protocol.js'

const ENTRY = fileURLToPath(new URL('./trainer-process.ts', import.meta.url))
const KEEP_OUTPUT = 4_000

/**
 * Trains in a process group of its own, off the worker's event loop. Rejects with TrainerFailed (the end of its output in
 * the message) or the trainer's own BadData; when `signal` aborts, the group is killed before this returns.
 */
export async function runTrainer(
  job: TrainerJob,
  options: { signal: AbortSignal; onProgress: (progress: TrainProgress) => void },
): Promise<TrainResult> {
  const jobFile = join(job.request.outFolder, 'job.json')
  await writeFile(jobFile, JSON.stringify(job))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), ENTRY, jobFile], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const kill = () => killGroup(child)
  options.signal.addEventListener('abort', kill)
  try {
    return await outcome(child, options)
  } finally {
    options.signal.removeEventListener('abort', kill)
    kill()
  }
}

async function outcome(
  child: ChildProcess,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: TrainProgress) => void },
): Promise<TrainResult> {
  let result: TrainResult | undefined
  let error: Extract<TrainerLine, { error: unknown }>['error'] | undefined
  let tail = ''
  const keep = (text: string) => {
    tail = (tail + text).slice(-KEEP_OUTPUT)
  }
  child.stderr?.setEncoding('utf8').on('data', keep)
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parse(text)
      if (!line) keep(`${text}\n`)
      else if ('progress' in line) onProgress(line.progress)
      else if ('result' in line) result = line.result
      else error = line.error
    })
  }
  const code = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, killedBy) => resolve(killedBy ?? `exit code ${exitCode}`))
  })
  signal.throwIfAborted()
  if (error) throw new SlipwayError(error.type, error.message)
  if (code !== 'exit code 0')
    throw new SlipwayError('TrainerFailed', `the trainer ended with ${code}: ${tail.trim() || 'no output'}`)
  if (!result)
    throw new SlipwayError(
      'TrainerFailed',
      `the trainer ended well but reported no artifact: ${tail.trim() || 'no output'}`,
    )
  return result
}

function parse(text: string): TrainerLine | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const known =
      typeof value === 'object' && value !== null && ['progress', 'result', 'error'].some((key) => key in value)
    return known ? (value as TrainerLine) : undefined
  } catch {
    return undefined
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended between the check and the call.
  }
}
