/** The data of the page on all projects: four questions to the registry, however many projects and runs there are. */
import type { AliasMoveRecord, OpenRun, Registry, ReleaseRunSummary } from '../../registry/index.js'
import { type Attention, attentionOf } from '../../releases/attention.js'
import { type ExposureNow, exposureNow } from '../../releases/exposure/exposure-now.js'
import type { TemporalSeen } from '../temporal-seen.js'

export interface FleetRun {
  readonly run: OpenRun
  readonly exposure: ExposureNow | null
  readonly needs: Attention | undefined
}

export interface FleetProject {
  readonly name: string
  /** The move that put it into production; undefined for a project that is being set up. */
  readonly production: AliasMoveRecord | undefined
  /** Its ledger has entries: the data of its first release are imported. */
  readonly begun: boolean
  /** Open runs, the one that has reached most first; at most `RUNS_SHOWN`. */
  readonly runs: readonly FleetRun[]
  readonly moreRuns: number
  readonly newest: ReleaseRunSummary | undefined
}

export interface Fleet {
  readonly projects: readonly FleetProject[]
  /** Of all projects, not only of those on this page. */
  readonly attention: readonly Attention[]
  readonly total: number
  /** Counted from 1. */
  readonly page: number
  readonly pages: number
  readonly temporal: TemporalSeen
}

export const PROJECTS_SHOWN = 24
const RUNS_SHOWN = 3

export interface FleetRequest {
  readonly registry: {
    readonly ledger: Pick<Registry['ledger'], 'heads'>
    readonly runs: Pick<Registry['runs'], 'open'>
    readonly fleet: Registry['fleet']
  }
  /** Projects of this service, which may have no ledger yet. */
  readonly known: readonly string[]
  readonly temporal: TemporalSeen
  /** Counted from 1; a page beyond the last is the last. */
  readonly page: number
  /** Wall time in epoch ms. */
  readonly now: number
}

export async function gatherFleet({ registry, known, temporal, page, now }: FleetRequest): Promise<Fleet> {
  const [heads, open] = await Promise.all([registry.ledger.heads(), registry.runs.open()])
  const attention = allAttention(open, temporal, now)
  const begun = new Set(heads.map(({ project }) => project))
  const urgent = new Set(attention.map(({ project }) => project))
  const active = new Set(open.map(({ project }) => project))
  const rank = (name: string) => (urgent.has(name) ? 0 : active.has(name) ? 1 : 2)
  const names = [...new Set([...begun, ...known])].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const pages = Math.max(1, Math.ceil(names.length / PROJECTS_SHOWN))
  const shown = Math.min(page, pages)
  const projects = names.slice((shown - 1) * PROJECTS_SHOWN, shown * PROJECTS_SHOWN)
  const runs = runsOf(projects, open)
  const records = await registry.fleet.read({
    projects,
    runs: [...runs.values()].flatMap((some) => some.slice(0, RUNS_SHOWN).map(({ workflowId }) => workflowId)),
  })
  const needs = new Map(attention.map((one) => [one.workflowId, one]))
  const toRun = (run: OpenRun): FleetRun => ({
    run,
    needs: needs.get(run.workflowId),
    exposure: exposureNow(
      run,
      records.exposure.filter(({ subject }) => subject === run.workflowId),
      now,
    ),
  })
  return {
    attention,
    total: names.length,
    page: shown,
    pages,
    temporal,
    projects: projects.map((name) => {
      const own = runs.get(name) ?? []
      return {
        name,
        begun: begun.has(name),
        production: records.moves.find(({ project, alias }) => project === name && alias === 'production'),
        runs: own.slice(0, RUNS_SHOWN).map(toRun),
        moreRuns: Math.max(0, own.length - RUNS_SHOWN),
        newest: records.newest.find(({ project }) => project === name),
      }
    }),
  }
}

/** By the registry as it is now, and by Temporal as it was asked last; of one run what Temporal knows counts. */
function allAttention(open: readonly OpenRun[], temporal: TemporalSeen, now: number): Attention[] {
  const isOpen = new Set(open.map(({ workflowId }) => workflowId))
  // A run that no worker has taken yet is not in the registry; any other that is not open has ended since.
  const seen = temporal.attention.filter(({ workflowId, why }) => isOpen.has(workflowId) || why === 'no_worker')
  const isSeen = new Set(seen.map(({ workflowId }) => workflowId))
  const known = open.filter(({ workflowId }) => !isSeen.has(workflowId)).flatMap((run) => attentionOf(run, now) ?? [])
  return [...seen, ...known].sort((a, b) => (a.since < b.since ? -1 : 1))
}

const STAGE_RANK = ['probation', 'promoting', 'canary', 'awaiting_canary', 'evaluating', 'training', 'validating']

function runsOf(projects: readonly string[], open: readonly OpenRun[]): Map<string, OpenRun[]> {
  const runs = new Map<string, OpenRun[]>(projects.map((name) => [name, []]))
  for (const run of open) runs.get(run.project)?.push(run)
  for (const some of runs.values()) some.sort((a, b) => STAGE_RANK.indexOf(a.stage) - STAGE_RANK.indexOf(b.stage))
  return runs
}
