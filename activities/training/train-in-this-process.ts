/** What a trainer's process does: one training by a job file. It writes JSON lines to stdout. */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { SlipwayError } from '../../contracts/failure.js'
import type { Project } from '../../projects/project.js'
import type { TrainerJob, TrainerLine } from './trainer-protocol.js'

const report = (line: TrainerLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Trains, and ends this process. It ends earlier when its worker has ended. */
export async function trainInThisProcess(jobFile: string, load: (folder: string) => Promise<Project>): Promise<void> {
  new Worker(new URL('./end-with-worker.js', import.meta.url), { execArgv: [] }).unref()
  let code = 0
  try {
    const job = JSON.parse(readFileSync(jobFile, 'utf8')) as TrainerJob
    const project = await load(job.folder)
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
}
