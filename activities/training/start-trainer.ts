import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { YOUNG_MEMORY_FLAG } from '../computing/young-memory.js'
import { codeVersion } from './code-version.js'
import { type Compiled, type Compiler, createCompiler } from './compile-project.js'
import { createSpareTrainers } from './spare-trainers.js'
import { trainerEnvironment } from './trainer-environment.js'
import { handOver, requireReadable, type TrainerUser, trainerUser } from './trainer-user.js'

const RUN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const FROM_SOURCES = fileURLToPath(new URL('./trainer-process.ts', import.meta.url))

/** In place of a job file: the process gets its path as a line of stdin, once there is a job. */
const LATER = '-'

export interface TrainerStart {
  /**
   * A process that trains by a job file: a spare that has loaded the project's present code, or a new one.
   * @param writable folders that the trainer writes to
   */
  start(folder: string, jobFile: string, writable: readonly string[]): Promise<ChildProcess>
  /** Starts a process for the next training of a project, in the background. */
  prepare(folder: string): void
  /** Ends the processes that wait for a training. */
  close(): void
}

export interface TrainerStartOptions {
  readonly spareIdleMs?: number
  /** One of its own when absent. */
  readonly compile?: Compiler
}

/** @param workFolder where compiled code is kept */
export const createWorkCompiler = (workFolder: string): Compiler => createCompiler(join(workFolder, 'trainers'))

/** @param workFolder where compiled code is kept */
export function createTrainerStart(workFolder: string, options: TrainerStartOptions = {}): TrainerStart {
  const compile = options.compile ?? createWorkCompiler(workFolder)
  const user = trainerUser()
  const home = join(workFolder, 'trainer-home')
  const environment = { ...trainerEnvironment(process.env), ...(user ? { HOME: home } : {}) }
  const { spareIdleMs } = options
  const spares = createSpareTrainers(spareIdleMs === undefined ? {} : { idleMs: spareIdleMs })
  const current = async (folder: string) => {
    // Before it is compiled: a change in between makes a spare unusable, never wrong.
    const code = await codeVersion({ folder: pathToFileURL(join(folder, '/')) })
    const compiled = await compile(folder)
    return { compiled, version: `${code} ${compiled?.digest}` }
  }
  return {
    async start(folder, jobFile, writable) {
      const { compiled, version } = await current(folder)
      if (user) {
        await handOver(user, [home, ...writable])
        await requireReadable(user, [RUN, folder, jobFile, ...(compiled ? [compiled.program, compiled.module] : [])])
      }
      const spare = spares.take(folder, version)
      if (!spare) return spawnTrainer(jobFile, compiled, environment, user)
      spare.stdin?.write(`${jobFile}\n`)
      return spare
    },

    prepare(folder) {
      current(folder)
        .then(({ compiled, version }) => {
          // The sources that an uncompiled start would load are not all known.
          if (compiled) spares.keep(folder, version, () => spawnTrainer(LATER, compiled, environment, user))
        })
        // The next training starts a process itself, and reports what is wrong.
        .catch(() => {})
    },

    close: () => spares.close(),
  }
}

/** The leader of a process group of its own, which ends with this process: it holds the other end of stdin. */
function spawnTrainer(
  jobFile: string,
  compiled: Compiled | undefined,
  env: Record<string, string>,
  user: TrainerUser | undefined,
): ChildProcess {
  const args = compiled
    ? ['--enable-source-maps', compiled.program, jobFile, compiled.module, compiled.source]
    : [RUN, FROM_SOURCES, jobFile]
  return spawn(process.execPath, [YOUNG_MEMORY_FLAG, ...args], { stdio: 'pipe', detached: true, env, ...user })
}
