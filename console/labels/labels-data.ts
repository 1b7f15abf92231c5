/**
 * What became of a project's labels: those that replaced others, those without a decision, and how long labels take.
 */
import type { RecordedLook } from '../../contracts/ledger/index.js'
import type { NewestCorrections, NewestEarly, Registry } from '../../registry/index.js'
import { Refused } from '../../serving/refused.js'

export interface LabelsQuery {
  /** Where the page of each list begins; null for the newest. */
  readonly corrected: string | null
  readonly early: string | null
}

export interface LabelsData {
  readonly project: string
  readonly query: LabelsQuery
  readonly corrections: NewestCorrections
  readonly early: NewestEarly
  /** The newest look of a recent run, which has counted labels by the age of their decisions. */
  readonly look: { readonly workflowId: string; readonly body: RecordedLook } | null
}

const SHOWN = 50
/** Runs that are searched for a look: the newest one may not have a canary yet. */
const RUNS_SEARCHED = 5
const PHASES = ['probation', 'canary', 'shadow'] as const

/** @param known a project of this service may have no ledger yet @throws Refused when there is no such project */
export async function gatherLabels(
  registry: Registry,
  { project, known, query }: { project: string; known: readonly string[]; query: LabelsQuery },
): Promise<LabelsData> {
  const { moves } = await registry.fleet.read({ projects: [project], runs: [] })
  if (moves.length === 0 && !known.includes(project))
    throw new Refused('unknown_project', `project "${project}" is unknown`)
  const [corrections, early, look] = await Promise.all([
    registry.labels.newestCorrections(project, { before: query.corrected, most: SHOWN }),
    registry.labels.newestEarly(project, { before: query.early, most: SHOWN }),
    newestLook(registry, project),
  ])
  return { project, query, corrections, early, look }
}

async function newestLook(registry: Registry, project: string): Promise<LabelsData['look']> {
  const runs = await registry.runs.list(project, { limit: RUNS_SEARCHED })
  for (const { workflowId } of runs.reverse())
    for (const phase of PHASES) {
      const look = await registry.ledger.newestLook({ project, workflowId, phase })
      if (look?.body.cohorts?.length) return { workflowId, body: look.body }
    }
  return null
}
