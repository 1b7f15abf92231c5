import type { SharedActivities } from '../../contracts/activities.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { knownRelease, type Registry } from '../../registry/index.js'
import { releaseInputOf } from '../release-input.js'

type Plan = SharedActivities['planScheduled']

/** The release that a schedule starts for an instant, or the id of the one that the ledger has for it already. */
export async function planScheduled(
  registry: Registry,
  projects: ReadonlyMap<string, Project>,
  { project, at }: Parameters<Plan>[0],
): ReturnType<Plan> {
  const stated = requireProject(projects, project)
  const { evidence } = stated.schedule ?? {}
  const id = `schedule-${at.slice(0, 16).replace(':', '')}`
  // A backfill may reach further back than Temporal keeps finished workflows.
  const known = await knownRelease(registry, { project, trigger: id })
  if (known) return { known: known.workflowId }
  return releaseInputOf({
    project: stated,
    id,
    kind: 'schedule',
    by: 'schedule',
    at,
    cutoff: at,
    parameters: {},
    ...(evidence === undefined ? {} : { evidence }),
  })
}
