/**
 * Runs a trainer in any language: a user's program that reads a job file and writes files, by docs/trainer-contract.md.
 * The program is in the process group of the trainer's process, so that both always end together.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import { trainingResult, trainProgress } from '../../contracts/schemas/index.js'
import type { TrainingJob } from '../../contracts/types.js'
import { jsonOf } from '../../contracts/utf8.js'
import type { Project, TrainRequest, TrainResult } from '../project.js'
import { lineReader } from './lines.js'

export interface CommandTrainer {
  /** A program on the PATH, or a path: absolute, or relative to `cwd`. */
  readonly command: string
  /** The job file's path is appended to them. */
  readonly args?: readonly string[]
  /** Its working folder, usually the project's own. */
  readonly cwd: URL
  readonly env?: Readonly<Record<string, string>>
}

/** The exit code of a program that cannot train on the data: EX_DATAERR of sysexits.h. */
const BAD_DATA = 65

const JOB_FILE = 'job.json'
const RESULT_FILE = 'result.json'

/**
 * @param setUp the command, or a function that is called before each training, e.g. to make an environment first
 * @returns a `train` of the project interface. It throws BadData at exit code 65, TrainerFailed at any other exit code
 * but 0, and TrainerMisbehaved if the program cannot be started or ends with code 0 without a valid result.json.
 */
export function commandTrainer(setUp: CommandTrainer | (() => Promise<CommandTrainer>)): Project['train'] {
  return async (request, onProgress) => {
    const { command, args = [], cwd, env } = typeof setUp === 'function' ? await setUp() : setUp
    const jobFile = join(request.outFolder, `command-${JOB_FILE}`)
    await writeFile(jobFile, JSON.stringify(jobOf(request)))
    const folder = fileURLToPath(cwd)
    const program = /[\\/]/.test(command) ? resolve(folder, command) : command
    const name = [command, ...args].join(' ')
    const child = spawn(program, [...args, jobFile], {
      cwd: folder,
      // Python buffers output into a pipe. Progress would arrive too late for the limit on time without output.
      env: { ...process.env, PYTHONUNBUFFERED: '1', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const reader = lineReader((line) => {
      const progress = progressOf(line)
      if (progress) onProgress(progress)
      else process.stderr.write(`${line}\n`)
    })
    child.stdout.on('data', (chunk: Buffer) => reader.take(chunk))
    const [code, signal] = (await once(child, 'close').catch((error: NodeJS.ErrnoException) => {
      throw new SlipwayError('TrainerMisbehaved', `${name} cannot be started: ${error.message}`)
    })) as [number | null, NodeJS.Signals | null]
    reader.end()
    if (code === BAD_DATA)
      throw new SlipwayError('BadData', `${name} cannot train on this data (exit code ${BAD_DATA})`)
    if (code !== 0) throw new SlipwayError('TrainerFailed', `${name} ended with ${signal ?? `exit code ${code}`}`)
    return readResult(name, request.outFolder)
  }
}

function jobOf({ snapshot, dataFile, outFolder, checkpointFolder, seed, parameters }: TrainRequest): TrainingJob {
  return {
    schema: 'slipway.training_job/1',
    snapshot,
    dataFile,
    outFolder,
    checkpointFolder,
    seed,
    parameters: { ...parameters },
  }
}

function progressOf(line: string): { epoch: number; epochs: number; loss: number; rowsPerSecond: number } | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const { epoch, epochs, loss, rowsPerSecond } = trainProgress.parse(
      (parseJson(line) as { progress?: unknown }).progress,
    )
    return { epoch, epochs, loss: loss ?? Number.NaN, rowsPerSecond: rowsPerSecond ?? Number.NaN }
  } catch {
    return undefined
  }
}

async function readResult(name: string, outFolder: string): Promise<TrainResult> {
  const file = join(outFolder, RESULT_FILE)
  const refuse = (problem: string): never => {
    throw new SlipwayError('TrainerMisbehaved', `${name} ended with exit code 0 but ${problem}`)
  }
  const bytes = await readFile(file).catch(() => refuse(`wrote no ${basename(file)} into the output folder`))
  let value: unknown
  try {
    value = jsonOf(bytes)
  } catch (error) {
    refuse(`its ${RESULT_FILE} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  const parsed = trainingResult.safeParse(value)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`)
    return refuse(`its ${RESULT_FILE} is invalid: ${problems.join('; ')}`)
  }
  const { schema: _, artifact, ...rest } = parsed.data
  return { ...rest, artifactFile: resolve(outFolder, artifact) }
}
