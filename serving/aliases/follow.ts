/**
 * Follows each project's aliases: by notice within milliseconds, by poll if notices are lost. New releases are loaded
 * first and then replaced as a whole, so that no request waits for a load. While the registry cannot be reached, the
 * last known releases answer.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../../contracts/error-text.js'
import type { ExposureRecord } from '../../contracts/exposure.js'
import { besideProduction, isAssignable } from '../../exposure/assign.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseLoader, ServingRelease } from '../../releases/load-release.js'
import { isUnavailable } from '../unavailable.js'
import type { Tuples } from './loaded-releases.js'

const POLL_MS = 1_000
/** Three polls without an answer of the registry. */
const STALE_AFTER_MS = 3_000

export interface ProjectState {
  readonly tuples: Tuples | null
  /** Wall time in epoch ms at which the registry last confirmed them; 0 if never. */
  readonly confirmedAt: number
  /** The same, also if what it answered cannot be used; 0 if it never answered. */
  readonly answeredAt: number
  /** Why the newest aliases are not in use; null if they are. */
  readonly problem: string | null
}

export interface Follower {
  state(project: string): ProjectState
  isStale(project: string): boolean
  /**
   * The registry has answered, whatever the answer was, and its releases were loaded or failed to load: a store that
   * hangs counts as a failure after a while.
   */
  isRead(project: string): boolean
  /** The registry has answered for this project within the last polls. */
  isHeard(project: string): boolean
  start(): Promise<void>
  stop(): Promise<void>
}

export interface FollowerOptions {
  readonly registry: Pick<Registry, 'exposure'>
  readonly projects: ReadonlyMap<string, Project>
  readonly loadRelease: ReleaseLoader
  readonly now: () => number
}

/**
 * Wall ms that the start waits for the releases of all projects. A store that hangs must not keep all from answering.
 */
const FIRST_LOAD_MS = 30_000

const NOTHING: ProjectState = {
  tuples: null,
  confirmedAt: 0,
  answeredAt: 0,
  problem: 'the registry has not answered yet',
}

export function createFollower({ registry, projects, loadRelease, now }: FollowerOptions): Follower {
  const states = new Map<string, ProjectState>()
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const firstAnswers = new Map<string, number>()
  const loadedOnce = new Set<string>()
  const stateOf = (name: string) => states.get(name) ?? NOTHING
  let stopping = false

  const readOnce = async (project: Project): Promise<void> => {
    const asked = now()
    const answered = () => {
      if (!firstAnswers.has(project.name)) firstAnswers.set(project.name, asked)
      states.set(project.name, { ...stateOf(project.name), answeredAt: asked })
    }
    try {
      const record = await registry.exposure.read(project.name)
      answered()
      const found = await load(loadRelease, project, record)
      const tuples = found.tuples ?? stateOf(project.name).tuples
      states.set(project.name, { tuples, confirmedAt: asked, answeredAt: asked, problem: found.problem })
      const { newestRelease } = record
      // Loaded before its canary opens. A failure is ignored here, because it is loaded again when it is needed.
      if (newestRelease) loadRelease(project, newestRelease).catch(() => {})
    } catch (error) {
      if (!isUnavailable(error)) answered()
      states.set(project.name, { ...stateOf(project.name), problem: errorText(error) })
    }
    if (firstAnswers.has(project.name)) loadedOnce.add(project.name)
  }

  /** One read at a time for each project; a change meanwhile is read afterwards. */
  const refresh = (name: string): Promise<void> => {
    const project = projects.get(name)
    if (!project || stopping) return Promise.resolve()
    const busy = running.get(name)
    if (busy) {
      again.add(name)
      return busy
    }
    const work = (async () => {
      do {
        again.delete(name)
        await readOnce(project)
      } while (again.has(name) && !stopping)
    })().finally(() => running.delete(name))
    running.set(name, work)
    return work
  }
  const refreshAll = () => Promise.all([...projects.keys()].map(refresh))

  let listening: { stop(): Promise<void> } | undefined
  let polling: NodeJS.Timeout | undefined
  return {
    state: stateOf,
    isStale: (name) => now() - stateOf(name).confirmedAt > STALE_AFTER_MS,
    isRead(name) {
      const first = firstAnswers.get(name)
      return first !== undefined && (loadedOnce.has(name) || now() - first > FIRST_LOAD_MS)
    },
    isHeard: (name) => now() - stateOf(name).answeredAt <= STALE_AFTER_MS,
    async start() {
      listening = await registry.exposure.listen((name) => void (name === null ? refreshAll() : refresh(name)))
      await Promise.race([refreshAll(), pause(FIRST_LOAD_MS, undefined, { ref: false })])
      polling = setInterval(() => void refreshAll(), POLL_MS)
    },
    async stop() {
      stopping = true
      clearInterval(polling)
      await listening?.stop()
      // A database that does not answer must not keep the process running: reads change nothing.
      await Promise.race([Promise.all(running.values()), new Promise((resolve) => setTimeout(resolve, 500).unref())])
    },
  }
}

/**
 * If production cannot be loaded, the last known releases stay. If the other arm's release cannot be loaded, it gets no
 * share.
 */
async function load(
  loadRelease: ReleaseLoader,
  project: Project,
  record: ExposureRecord,
): Promise<{ tuples: Tuples | null; problem: string | null }> {
  if (!isAssignable(record)) {
    return { tuples: null, problem: `no production release; run: slipway project init ${project.name}` }
  }
  const otherId = besideProduction(record)?.releaseId ?? null
  let problem: string | null = null
  const loaded = async (id: string | null): Promise<ServingRelease | null> => {
    if (id === null) return null
    try {
      return await loadRelease(project, id)
    } catch (error) {
      problem = `${id} cannot be loaded: ${errorText(error)}`
      return null
    }
  }
  const [production, other] = await Promise.all([loaded(record.production), loaded(otherId)])
  return { tuples: production && { project, record, production, other }, problem }
}
