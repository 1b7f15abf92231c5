/** The trainer's process: `node bin/run.js trainer-process.ts JOB`. Writes JSON lines to stdout; ends when its worker has ended. */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProject } from '../../projects/load.js'
import type { TrainerJob, TrainerLine } from './trainer-protocol.js'

const report = (line: TrainerLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

new Worker(new URL('./end-with-worker.js', import.meta.url), { execArgv: [] }).unref()

const jobFile = process.argv[2]
if (jobFile === undefined) throw new Error('usage: trainer-process JOB')

let code = 0
try {
  const job = JSON.parse(readFileSync(jobFile, 'utf8')) as TrainerJob
  const project = await loadProject(job.folder)
  const result = await project.train(job.request, (progress) => report({ progress }))
  report({ result, peakMemoryBytes: process.resourceUsage().maxRSS * 1_024 })
} catch (error) {
  const known = error instanceof SlipwayError
  // An unexpected error is reported with its stack.
  const message = known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  report({ error: { type: known ? error.type : 'TrainerFailed', message: message || 'no message' } })
  code = 1
}
// Exits even if the trainer left a connection or a process open; everything reported is written by then.
process.stdout.write('', () => process.exit(code))
