/** The trainer's own process: `tsx trainer-process.ts JOB`. Speaks JSON lines on stdout; ends when its worker is gone. */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProject } from '../../projects/load.js'
import type { TrainerJob, TrainerLine } from './trainer-protocol.js'

const say = (line: TrainerLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

new Worker(new URL('./end-with-worker.js', import.meta.url), { execArgv: [] }).unref()

const jobFile = process.argv[2]
if (jobFile === undefined) throw new Error('usage: trainer-process JOB')

let code = 0
try {
  const job = JSON.parse(readFileSync(jobFile, 'utf8')) as TrainerJob
  const project = await loadProject(job.folder)
  const result = await project.train(job.request, (progress) => say({ progress }))
  say({ result, peakMemoryBytes: process.resourceUsage().maxRSS * 1_024 })
} catch (error) {
  const known = error instanceof SlipwayError
  // What nobody foresaw is told with the place where it happened.
  const message = known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  say({ error: { type: known ? error.type : 'TrainerFailed', message: message || 'no message' } })
  code = 1
}
// Also with a connection or a process of the trainer's still open; what was said is out by then.
process.stdout.write('', () => process.exit(code))
