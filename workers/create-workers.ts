/** Task queues: workflows and shared activities on `slipway`, the activities of each project on its own queue. */
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import {
  bundleWorkflowCode,
  type NativeConnection,
  Worker,
  type WorkerInterceptors,
  type WorkerOptions,
} from '@temporalio/worker'
import { createWorkThreads } from '../activities/computing/work-threads.js'
import { type Dependencies, projectActivities, sharedActivities } from '../activities/create-activities.js'
import { createWarmTrainerRunner } from '../activities/training/run-trainer.js'
import { createWorkCompiler } from '../activities/training/start-trainer.js'
import { removeFinishedTrainings } from '../activities/training/training-folders.js'
import { projectTaskQueue, TASK_QUEUE } from '../contracts/names.js'
import { deliverKeptActions } from '../releases/deliver-kept-actions.js'
import { startHousekeeping } from './housekeeping.js'
import { repeat } from './repeat.js'

export const WORKFLOWS_PATH = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }

/** Wall ms between two removals of the folders of finished trainings. Costs one indexed read per folder. */
const TRAININGS_MS = 30_000

/** Wall ms between two searches for aborts that Temporal could not take. */
const KEPT_ACTIONS_MS = 30_000

export interface WorkflowBundle {
  readonly code: string
}

const PAYLOAD_CONVERTER_PATH = fileURLToPath(new URL('../workflows/payload-converter.ts', import.meta.url))

const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('../workflows/failure-converter.ts', import.meta.url))

/** The converters become part of the bundle, so that every worker and replayer of it has the same. */
export const bundleWorkflows = () =>
  bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    payloadConverterPath: PAYLOAD_CONVERTER_PATH,
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: silent,
  })

/** The Worker Deployment that a versioned worker belongs to. */
export interface Deployment {
  readonly deploymentName: string
  readonly buildId: string
}

export interface Workers {
  /** Resolves when all have stopped; rejects when one fails. */
  readonly running: Promise<void>
  shutdown(): Promise<void>
}

/**
 * A flood of signals may reach a workflow in one task: 10,000 take 3 s, and more on a busy machine. Beyond the limit, 5
 * s by default, the SDK ends the script, which was seen to end the whole process. The SDK takes this option but does
 * not declare it.
 */
const LONG_TASKS = { isolateExecutionTimeout: '1 minute' }

export async function startWorkers(options: {
  connection: NativeConnection
  namespace?: string
  deps: Dependencies
  workflowBundle?: WorkflowBundle
  /** Enables Worker Versioning: the worker gets work once its build is current. When absent, it gets all work. */
  deployment?: Deployment
  /** Serves only the queues of these projects; all when absent. */
  projects?: readonly string[]
  /** False leaves workflows and shared activities to other workers: a GPU machine can serve only a project's queue. */
  shared?: boolean
  /** Workflows kept in memory between tasks, 0.3 MB each; with 0 every task replays its history. */
  maxCachedWorkflows?: number
  /** Wall ms between two searches for labels that were corrected after a verdict, and for finished trainings. */
  housekeepingMs?: number
  /** Encrypts what Temporal stores; nothing is encrypted when absent. */
  dataConverter?: DataConverter | undefined
  /**
   * Imports and evaluates in threads, each with the project of its folder. Absent: in this thread, with the objects of
   * `deps.projects`.
   */
  threads?: boolean
  /** Wrapped around each activity, for example the clock of a test. */
  interceptors?: WorkerInterceptors
}): Promise<Workers> {
  const { connection, deps } = options
  const encrypting = options.dataConverter === undefined ? {} : { dataConverter: options.dataConverter }
  const common: Partial<WorkerOptions> & { connection: NativeConnection } = {
    connection,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...encrypting,
    shutdownGraceTime: '2 s',
    shutdownForceTime: '8 s',
    // After `kill -9` of a worker the next task of a release in its cache waits this long before another worker gets it
    // (docs/decisions/149). Shorter: a worker that is merely busy loses tasks, and each is replayed and adds two
    // events.
    stickyQueueScheduleToStartTimeout: '1500 ms',
    // An activity learns of an abort from the answer to a heartbeat; by default heartbeats are held back for up to 16
    // s.
    maxHeartbeatThrottleInterval: '1 s',
    ...(options.deployment === undefined
      ? {}
      : {
          workerDeploymentOptions: {
            useWorkerVersioning: true,
            version: options.deployment,
            // A release that waits for weeks must not keep old workers for weeks (docs/decisions/083).
            defaultVersioningBehavior: 'AUTO_UPGRADE',
          },
        }),
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
            ...LONG_TASKS,
          }),
        ]
  const names = options.projects ?? [...deps.projects.keys()]
  const compile = createWorkCompiler(deps.workFolder)
  const trainers = createWarmTrainerRunner(deps.workFolder, { compile })
  const projectWork = options.threads === true ? { projectWork: createWorkThreads(compile) } : {}
  const perProject = await Promise.all(
    names.map((name) =>
      Worker.create({
        ...common,
        taskQueue: projectTaskQueue(name),
        activities: projectActivities({ runTrainer: trainers.runTrainer, ...projectWork, ...deps }),
        // Far more than compute at once (activities/computing/computing-places.ts): looks find a slot while trainings
        // wait.
        maxConcurrentActivityTaskExecutions: 100,
      }),
    ),
  )
  const workers = [...shared, ...perProject]
  const housekeeping = options.shared === false ? [] : [startHousekeeping(deps, options.housekeepingMs)]
  // Where trainers work, because only this machine has their folders.
  const remove = () => removeFinishedTrainings(deps.registry, deps.workFolder)
  if (names.length > 0) housekeeping.push(repeat(remove, options.housekeepingMs ?? TRAININGS_MS))
  if (options.shared !== false) {
    const client = new Client({
      connection,
      ...encrypting,
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    })
    const sent = new Set<string>()
    const needs = { registry: deps.registry, client, projects: [...deps.projects.keys()], sent }
    housekeeping.push(repeat(() => deliverKeptActions(needs), options.housekeepingMs ?? KEPT_ACTIONS_MS))
  }
  const runs = workers.map((worker) => worker.run())
  const running = Promise.all(runs)
    .then(() => undefined)
    .finally(trainers.close)
  running.catch(() => {})
  return {
    running,
    async shutdown() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
      // A worker that fails while it stops must not leave the others running; earlier failures are reported by
      // `running`.
      await Promise.allSettled(runs)
      trainers.close()
      await Promise.all(housekeeping.map((one) => one.stop()))
    },
  }
}
