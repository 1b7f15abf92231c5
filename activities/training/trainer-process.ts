/** The trainer's own process: `tsx trainer-process.ts JOB`. Speaks JSON lines on stdout; ends when its worker is gone. */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { TrainerJob, TrainerLine } from './protocol.js'

const say = (line: TrainerLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

new Worker(new URL('./end-with-worker.js', import.meta.url), { execArgv: [] }).unref()

const jobFile = process.argv[2]
if (jobFile === undefined) throw new Error('usage: trainer-process JOB')

try {
  const job = JSON.parse(readFileSync(jobFile, 'utf8')) as TrainerJob
  const project = requireProject(await loadProjects(), job.project)
  say({ result: await project.train(job.request, (progress) => say({ progress })) })
  process.exitCode = 0
} catch (error) {
  const type = error instanceof SlipwayError ? error.type : 'TrainerFailed'
  say({ error: { type, message: error instanceof Error ? (error.stack ?? error.message) : String(error) } })
  process.exitCode = 1
}
