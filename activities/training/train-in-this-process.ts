/** What a trainer's process does: one training by a job file. It writes JSON lines to stdout. */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { SlipwayError } from '../../contracts/failure.js'
import type { Project } from '../../projects/project.js'
import type { TrainerJob, TrainerLine } from './trainer-protocol.js'

const report = (line: TrainerLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/**
 * Trains, and ends this process. It ends earlier when its worker has ended.
 * @param jobFile undefined if the worker writes its path to stdin later
 */
export async function trainInThisProcess(
  jobFile: string | undefined,
  load: (folder: string) => Promise<Project>,
): Promise<void> {
  const worker = new Worker(new URL('./end-with-worker.js', import.meta.url), { execArgv: [] })
  const file = jobFile ?? (await nextLine(worker))
  worker.unref()
  // What a list of processes shows.
  if (jobFile === undefined) process.title = `trainer-process ${file}`
  let code = 0
  try {
    const job = JSON.parse(readFileSync(file, 'utf8')) as TrainerJob
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

const nextLine = (worker: Worker): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    worker.on('message', (more: string) => {
      text += more
      if (text.endsWith('\n')) resolve(text.trim())
    })
  })
