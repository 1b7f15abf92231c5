/**
 * The decision service of one process, without HTTP: follows aliases, decides, logs decisions, takes labels, monitors.
 */
import { errorText } from '../contracts/error-text.js'
import type { BreachNote } from '../contracts/messages.js'
import { requireProject } from '../projects/load.js'
import type { Project } from '../projects/project.js'
import type { ArtifactStore, Registry } from '../registry/index.js'
import { createReleaseLoader, type ReleaseLoader } from '../releases/load-release.js'
import { createFollower, type Follower } from './aliases/follow.js'
import { type DecisionAnswer, type DecisionRequest, decide } from './decide.js'
import { createEarlyLabels } from './early-labels.js'
import { createDecisionLog, type DecisionLog, type LogLimits } from './log/decision-log.js'
import { LOOK_MS } from './log/quiet-looks.js'
import { createSpoolRecovery, type SpoolReport } from './log/recover-spools.js'
import { createMetrics, type Metrics } from './metrics.js'
import { createMonitor, type Monitor } from './monitors/monitor.js'
import { createOutcomes, type Outcomes } from './outcomes.js'
import { Refused } from './refused.js'
import { scoresInThread } from './shadow/scoring-thread.js'
import { createShadowQueue, type ShadowLimits, type ShadowOptions, type ShadowQueue } from './shadow/shadow-queue.js'

export interface ServiceOptions {
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly projects: ReadonlyMap<string, Project>
  /** Folder of this machine for decisions while the database cannot be reached. */
  readonly spoolFolder: string
  /** Signals a run that a breach was stored. */
  readonly signalBreach?: (workflowId: string, power: BreachNote['power']) => Promise<void>
  readonly onProblem?: (text: string) => void
  readonly now?: () => number
  readonly limits?: Partial<LogLimits>
  readonly shadowLimits?: Partial<ShadowLimits>
  /** Candidates in the shadow score in threads, which load a project from its folder; in this thread when absent. */
  readonly shadowThreads?: boolean
  /** Wall ms between two looks of the monitors; 5,000 when absent. */
  readonly watchMs?: number
}

export interface DecisionService {
  readonly projects: ReadonlyMap<string, Project>
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  /** Wall time in epoch ms: the one time source of this service, also for the clocks of releases. */
  readonly now: () => number
  readonly loadRelease: ReleaseLoader
  readonly follower: Follower
  readonly metrics: Metrics
  readonly outcomes: Outcomes
  project(name: string): Project
  log(name: string): DecisionLog
  shadow(name: string): ShadowQueue
  /** Spools of other processes, as of the last look into the folder. */
  readonly spools: SpoolReport
  monitor(name: string): Monitor
  decide(project: string, request: DecisionRequest): Promise<DecisionAnswer>
  /** Takes no more requests; resolves when every decision that was taken is durable. */
  stop(): Promise<void>
}

/** Wall ms after which a write of spooled decisions counts as failed. */
const RECOVERY_TIMEOUT_MS = 10_000
const WATCH_MS = 5_000
const HOUSEKEEPING_MS = 15 * 60_000

/** A project cannot decide: it has no production release, or none that could be loaded. */
export class NotReady extends Error {
  constructor(
    readonly project: string,
    problem: string | null,
  ) {
    super(`no release answers for ${project}: ${problem}`)
  }
}

export async function startService(options: ServiceOptions): Promise<DecisionService> {
  const { registry, artifacts, projects, spoolFolder } = options
  const { now = Date.now, signalBreach = async () => {}, onProblem = () => {} } = options
  const metrics = createMetrics()
  const loadRelease = createReleaseLoader({ registry, artifacts })
  const follower = createFollower({ registry, projects, loadRelease, now })
  const outcomes = createOutcomes({
    registry,
    now,
    onFirstLabel: (project, lagMs) => metrics.labelLag.observe({ project }, Math.max(0, lagMs) / 1_000),
  })
  const report = (error: unknown) => onProblem(errorText(error))
  const joinEarly = createEarlyLabels(outcomes, report)
  // A label may have arrived before a decision that was answered while the database was away.
  const joinSpooled = (name: string, ids: readonly string[]) => {
    const project = projects.get(name)
    if (project) for (const id of ids) joinEarly(project, id)
  }
  const logs = new Map<string, DecisionLog>()
  const monitors = new Map<string, Monitor>()
  const shadows = new Map<string, ShadowQueue>()
  for (const [name, project] of projects) {
    const onFlush = (rows: number) => metrics.flushed.observe({ project: name }, rows)
    const onSpooledWritten = (ids: readonly string[]) => joinSpooled(name, ids)
    const { limits: logLimits } = options
    logs.set(
      name,
      createDecisionLog(name, registry, { spoolFolder, limits: logLimits, onFlush, onProblem, onSpooledWritten }),
    )
    const monitor = createMonitor({ registry, now, signalBreach })
    monitors.set(name, monitor)
    const onResult: ShadowOptions['onResult'] = (result, requests) =>
      metrics.shadow.inc({ project: name, result }, requests)
    const onStored = (ids: readonly string[]) => outcomes.labelShadows(project, ids)
    const scorer = options.shadowThreads
      ? (scoringMs: number) => scoresInThread(project, { scoringMs, onProblem })
      : undefined
    const limits = options.shadowLimits
    const needs = { registry, monitor, now, onResult, onStored, onProblem, limits, scorer }
    shadows.set(name, createShadowQueue(name, needs))
  }
  const of = <Part>(parts: ReadonlyMap<string, Part>, name: string): Part => {
    const part = parts.get(name)
    if (!part)
      throw new Refused('unknown_project', `project "${name}" is unknown; known: ${[...projects.keys()].join(', ')}`)
    return part
  }

  const recovery = createSpoolRecovery({
    folder: spoolFolder,
    registry,
    projects,
    own: () => [...logs.values()].map(({ spoolFile }) => spoolFile),
    timeoutMs: RECOVERY_TIMEOUT_MS,
    onProblem,
    onSpooledWritten: joinSpooled,
  })
  // Each project and each step by itself: what fails for one is reported, and done for the others.
  const watch = async () => {
    for (const [name, monitor] of monitors) {
      const { tuples } = follower.state(name)
      if (!tuples) continue
      const breaches = await monitor.look(tuples).catch(report)
      for (const { signal } of breaches ?? []) metrics.breaches.inc({ project: name, signal })
    }
  }
  const housekeep = async () => {
    for (const project of projects.values()) await outcomes.joinEarly(project).catch(report)
  }
  let stopped = false
  // Reads every row of a day that has ended, so nothing waits for it.
  const closeDays = () =>
    registry.retention.closeDays().then(
      () => {},
      (error: unknown) => {
        if (!stopped) report(error)
      },
    )
  const every = (ms: number, work: () => Promise<void>) => {
    let busy = false
    return setInterval(() => {
      if (busy) return
      busy = true
      void work()
        .catch(report)
        .finally(() => {
          busy = false
        })
    }, ms)
  }

  await follower.start()
  await recovery.look().catch(report)
  await housekeep()
  const timers = [
    every(options.watchMs ?? WATCH_MS, watch),
    every(LOOK_MS, recovery.look),
    every(HOUSEKEEPING_MS, housekeep),
    every(HOUSEKEEPING_MS, closeDays),
  ]
  void closeDays()

  return {
    projects,
    registry,
    artifacts,
    now,
    loadRelease,
    follower,
    metrics,
    outcomes,
    project: (name) => {
      of(logs, name)
      return requireProject(projects, name)
    },
    log: (name) => of(logs, name),
    shadow: (name) => of(shadows, name),
    get spools() {
      return recovery.report
    },
    monitor: (name) => of(monitors, name),
    async decide(name, request) {
      const log = of(logs, name)
      const { tuples, problem } = follower.state(name)
      if (!tuples) throw new NotReady(name, problem)
      const parts = { log, monitor: of(monitors, name), shadow: of(shadows, name), now }
      const answer = await decide(parts, tuples, follower.isStale(name), request)
      // Only a caller's own id can have a label before its decision.
      if (request.decisionId !== undefined) joinEarly(tuples.project, request.decisionId)
      metrics.decisions.inc({ project: name, arm: answer.arm })
      return answer
    },
    async stop() {
      stopped = true
      for (const timer of timers) clearInterval(timer)
      await Promise.all([...shadows.values(), ...logs.values()].map((part) => part.close()))
      await recovery.stop()
      await follower.stop()
    },
  }
}
