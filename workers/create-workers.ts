/** Which task queue runs what: workflows and shared activities on `slipway`, each project on its own queue. */
import { fileURLToPath } from 'node:url'
import {
  bundleWorkflowCode,
  type NativeConnection,
  Worker,
  type WorkerInterceptors,
  type WorkerOptions,
} from '@temporalio/worker'
import { type Dependencies, projectActivities, sharedActivities } from '../activities/index.js'
import { projectTaskQueue, TASK_QUEUE } from '../contracts/names.js'

export const WORKFLOWS_PATH = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }

export const bundleWorkflows = () => bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: silent })

export interface Workers {
  /** Resolves when all have stopped; rejects when one fails. */
  readonly running: Promise<void>
  shutdown(): Promise<void>
}

export async function startWorkers(options: {
  connection: NativeConnection
  namespace?: string
  deps: Dependencies
  workflowBundle?: Awaited<ReturnType<typeof bundleWorkflows>>
  /** Only these projects' queues. All when absent. */
  projects?: readonly string[]
  /** False leaves workflows and shared activities to others: a GPU box can serve a project's queue alone. */
  shared?: boolean
  /** Workflows kept in memory between tasks, 0.3 MB each; with 0 every task replays its history. */
  maxCachedWorkflows?: number
  /** What stands around each activity, such as a test's clock. */
  interceptors?: WorkerInterceptors
}): Promise<Workers> {
  const { connection, deps } = options
  const common: Partial<WorkerOptions> & { connection: NativeConnection } = {
    connection,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    shutdownGraceTime: '2 s',
    shutdownForceTime: '8 s',
    stickyQueueScheduleToStartTimeout: '2 s',
    // An activity hears of an abort by the answer to a heartbeat; the default holds heartbeats back for 16 s.
    maxHeartbeatThrottleInterval: '1 s',
    ...(options.interceptors === undefined ? {} : { interceptors: options.interceptors }),
  }
  const shared =
    options.shared === false
      ? []
      : [
          await Worker.create({
            ...common,
            taskQueue: TASK_QUEUE,
            workflowBundle: options.workflowBundle ?? (await bundleWorkflows()),
            activities: sharedActivities(deps),
            maxCachedWorkflows: options.maxCachedWorkflows ?? 200,
          }),
        ]
  const names = options.projects ?? [...deps.projects.keys()]
  const perProject = await Promise.all(
    names.map((name) =>
      Worker.create({
        ...common,
        taskQueue: projectTaskQueue(name),
        activities: projectActivities(deps),
        // Training takes both cores of a small machine; waiting releases hold no slot.
        maxConcurrentActivityTaskExecutions: 2,
      }),
    ),
  )
  const workers = [...shared, ...perProject]
  const running = Promise.all(workers.map((worker) => worker.run())).then(() => undefined)
  return {
    running,
    async shutdown() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
      await running
    },
  }
}
