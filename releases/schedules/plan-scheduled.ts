import type { SharedActivities } from '../../contracts/activities.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { knownRelease, type Registry } from '../../registry/index.js'

type Plan = SharedActivities['planScheduled']

/** The release that a schedule starts for an instant, or the id of the one that the ledger has for it already. */
export async function planScheduled(
  registry: Registry,
  projects: ReadonlyMap<string, Project>,
  { project, at }: Parameters<Plan>[0],
): ReturnType<Plan> {
  const { policy, schedule } = requireProject(projects, project)
  const evidence = schedule?.evidence === undefined ? {} : { evidence: schedule.evidence }
  const id = `schedule-${at.slice(0, 16).replace(':', '')}`
  // A backfill may reach further back than Temporal keeps finished workflows.
  const known = await knownRelease(registry, { project, trigger: id })
  if (known) return { known: known.workflowId }
  const trigger = { project, id, kind: 'schedule', by: 'schedule', at, cutoff: at, parameters: {} } as const
  return {
    trigger: { ...trigger, ...evidence },
    policy,
    clock: { eventStart: Date.parse(at), wallStart: Date.parse(at), speed: 1 },
  }
}
