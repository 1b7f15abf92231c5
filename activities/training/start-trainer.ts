import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Compiled, createCompiler } from './compile-project.js'
import { trainerEnvironment } from './trainer-environment.js'

const RUN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const FROM_SOURCES = fileURLToPath(new URL('./trainer-process.ts', import.meta.url))

/** Starts a process that trains by a job file. */
export type StartTrainer = (folder: string, jobFile: string) => Promise<ChildProcess>

/** @param workFolder where compiled code is kept */
export function createTrainerStart(workFolder: string): StartTrainer {
  const compile = createCompiler(join(workFolder, 'trainers'))
  const environment = trainerEnvironment(process.env)
  return async (folder, jobFile) => spawnTrainer(jobFile, await compile(folder), environment)
}

/** The leader of a process group of its own, which ends with this process: it holds the other end of stdin. */
function spawnTrainer(jobFile: string, compiled: Compiled | undefined, env: Record<string, string>): ChildProcess {
  const args = compiled
    ? ['--enable-source-maps', compiled.program, jobFile, compiled.module, compiled.source]
    : [RUN, FROM_SOURCES, jobFile]
  return spawn(process.execPath, args, { stdio: 'pipe', detached: true, env })
}
