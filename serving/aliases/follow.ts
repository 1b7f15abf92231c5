/**
 * Follows each project's aliases: by notice within milliseconds, by poll when notices are lost. New tuples are loaded first and then
 * swapped whole, so that no request waits for a load; while the registry is away the last known ones go on answering.
 */
import { errorText } from '../../contracts/error-text.js'
import type { ExposureRecord } from '../../contracts/exposure.js'
import { besideProduction, isAssignable } from '../../exposure/assign.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseLoader, ServingRelease } from '../../releases/load-release.js'
import type { Tuples } from './loaded-releases.js'

const POLL_MS = 1_000
/** Three polls without an answer. */
const STALE_AFTER_MS = 3_000

export interface ProjectState {
  readonly tuples: Tuples | null
  /** Wall time, epoch ms, at which the registry last confirmed them; 0 is never. */
  readonly confirmedAt: number
  /** Why the newest aliases do not answer; null when they do. */
  readonly problem: string | null
}

export interface Follower {
  state(project: string): ProjectState
  isStale(project: string): boolean
  start(): Promise<void>
  stop(): Promise<void>
}

export interface FollowerOptions {
  readonly registry: Pick<Registry, 'exposure'>
  readonly projects: ReadonlyMap<string, Project>
  readonly loadRelease: ReleaseLoader
  readonly now: () => number
}

const NOTHING: ProjectState = { tuples: null, confirmedAt: 0, problem: 'the registry has not answered yet' }

export function createFollower({ registry, projects, loadRelease, now }: FollowerOptions): Follower {
  const states = new Map<string, ProjectState>()
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const stateOf = (name: string) => states.get(name) ?? NOTHING
  let stopping = false

  const readOnce = async (project: Project): Promise<void> => {
    const asked = now()
    try {
      const record = await registry.exposure.read(project.name)
      const found = await load(loadRelease, project, record)
      const tuples = found.tuples ?? stateOf(project.name).tuples
      states.set(project.name, { tuples, confirmedAt: asked, problem: found.problem })
      const { newestRelease } = record
      // Ahead of its canary; whether it can be loaded is asked again when it is needed.
      if (newestRelease) loadRelease(project, newestRelease).catch(() => {})
    } catch (error) {
      states.set(project.name, { ...stateOf(project.name), problem: errorText(error) })
    }
  }

  /** One at a time a project; what changes meanwhile is read afterwards. */
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
    async start() {
      listening = await registry.exposure.listen((name) => void (name === null ? refreshAll() : refresh(name)))
      await refreshAll()
      polling = setInterval(() => void refreshAll(), POLL_MS)
    },
    async stop() {
      stopping = true
      clearInterval(polling)
      await listening?.stop()
      // A database that never answers must not keep the process: reads change nothing.
      await Promise.race([Promise.all(running.values()), new Promise((resolve) => setTimeout(resolve, 500).unref())])
    },
  }
}

/** Production that cannot be loaded changes nothing; another arm that cannot be loaded gets no share. */
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
