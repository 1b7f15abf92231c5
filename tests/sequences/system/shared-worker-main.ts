import { readFile } from 'node:fs/promises'
import { NativeConnection } from '@temporalio/worker'
import { createArtifactStore, openRegistry } from '../../../registry/index.js'
import { startWorkers } from '../../../workers/create-workers.js'
import { quietRuntime } from '../../support/quiet-runtime.js'
import { aroundActivities } from './around-activities.js'
import { serverClock } from './server-clock.js'
import type { Answer, Question, SharedWorkerOptions } from './shared-worker.js'

const { address, databaseUrl, artifactsFolder, folder, bundle }: SharedWorkerOptions = JSON.parse(
  process.argv[2] ?? '{}',
)

const open = new Map<number, (answer: Answer) => void>()
let asked = 0
const ask = (done: number | null): Promise<Answer> =>
  new Promise((resolve) => {
    asked += 1
    const question: Question = { id: asked, done }
    open.set(question.id, resolve)
    process.send?.(question)
  })
process.on('message', (answer: Answer) => {
  open.get(answer.id)?.(answer)
  open.delete(answer.id)
})
// The process that started this one has ended.
process.once('disconnect', () => process.exit(1))

quietRuntime()
const connection = await NativeConnection.connect({ address })
const { clock } = await serverClock(async () => (await ask(null)).now)
const registry = await openRegistry({ databaseUrl, artifactsFolder, now: clock.now })
const workers = await startWorkers({
  connection,
  workflowBundle: { code: await readFile(bundle, 'utf8') },
  projects: [],
  maxCachedWorkflows: 0,
  deps: {
    registry,
    artifacts: createArtifactStore(artifactsFolder),
    projects: new Map(),
    now: clock.now,
    workFolder: folder,
  },
  interceptors: aroundActivities(clock, async (attempt) => (await ask(attempt)).lost),
})
process.once('SIGTERM', () => void workers.shutdown().finally(() => process.exit(0)))
process.send?.('ready')
await workers.running
