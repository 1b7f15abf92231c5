/**
 * From a decision back to everything it depends on. Each digest is recomputed, and a mismatch is shown, never skipped.
 */
import { errorText } from '../../contracts/error-text.js'
import type { Project } from '../../projects/project.js'
import type { AliasMoveRecord, ArtifactStore, DecisionRecord, Registry, ReleaseRecord } from '../../registry/index.js'
import type { ReleaseLoader } from '../../releases/load-release.js'
import { Refused } from '../refused.js'
import { aliasLink, answeredAs, decisionLink, moveBehind, runBehind, splitLink } from './decision-links.js'
import { droppedText } from './dropped-days.js'
import { outcomeLink, outputLink, withoutModel } from './recomputed-links.js'
import { gatesLink, judgementLink, type TracedRun, trainingLink, workflowLink } from './run-links.js'
import { artifactLink, snapshotLink } from './store-links.js'
import type { Trace, TraceLink } from './types.js'

export interface TraceNeeds {
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly projects: ReadonlyMap<string, Project>
  readonly loadRelease: ReleaseLoader
  readonly workflowUrl: (workflowId: string) => string | null
}

/** @throws Refused when no decision has this id, or decisions of several projects have it and none is named */
export async function trace(needs: TraceNeeds, decisionId: string, project?: string): Promise<Trace> {
  const found = await needs.registry.evidence.findDecisions(decisionId, project)
  const [decision] = found
  if (!decision) {
    const unknown = `no decision "${decisionId}"${project ? ` of ${project}` : ''} is recorded`
    throw new Refused('not_found', `${unknown}${await droppedText(needs, project)}`)
  }
  const projects = [...new Set(found.map((one) => one.project))]
  if (projects.length > 1) {
    throw new Refused('ambiguous', `decision "${decisionId}" exists in ${projects.join(' and in ')}; name the project`)
  }
  const outcomes = await needs.registry.labels.outcomesOf(decision.project, decisionId)
  const answered = answeredAs(decision, outcomes)
  const move = await moveBehind(needs.registry.aliases, answered)
  const links = [
    await decisionLink(needs, decision),
    splitLink(decision),
    aliasLink(answered, move),
    ...(await releaseLinks(needs, answered, move)),
    await guarded('outcome', () => outcomeLink(needs, decision, outcomes)),
  ]
  return { decisionId, project: decision.project, intact: links.every(({ status }) => status !== 'broken'), links }
}

async function releaseLinks(
  needs: TraceNeeds,
  decision: DecisionRecord,
  move: AliasMoveRecord | undefined,
): Promise<TraceLink[]> {
  let release: ReleaseRecord
  try {
    release = await needs.registry.releases.get(decision.releaseId)
  } catch (error) {
    return [broken('release', `release ${decision.releaseId}: ${errorText(error)}`)]
  }
  const { manifest, digest, at } = release
  const tuple: TraceLink = {
    name: 'release',
    status: 'intact',
    says: `${release.releaseId}: ${manifest.featureVersion}, ${manifest.model.kind} model, ${manifest.actionPolicy.version}`,
    data: { releaseId: release.releaseId, digest, at, manifest },
  }
  const run = await tracedRun(needs, await runBehind(needs.registry.aliases, decision, release, move))
  const artifact = await guarded('artifact', () => artifactLink(needs, decision.project, manifest.model.artifact))
  return [
    tuple,
    artifact,
    artifact.status === 'dropped'
      ? withoutModel(decision)
      : await guarded('output', () => outputLink(needs, decision, release)),
    gatesLink(run, release),
    judgementLink(run, release),
    await guarded('snapshot', () => snapshotLink(needs, decision.project, manifest.snapshot)),
    trainingLink(run, release),
    workflowLink(run, needs.workflowUrl),
  ]
}

const tracedRun = ({ registry }: TraceNeeds, workflowId: string): Promise<TracedRun> =>
  // Its actions and breaches are no links of a trace.
  registry.runs.get(workflowId, { newest: 0 }).then(
    ({ entries }) => ({ workflowId, entries }),
    () => ({ workflowId, entries: [] }),
  )

/** A link that cannot be followed is broken. If the registry cannot be reached, nothing is known about any link. */
async function guarded(name: TraceLink['name'], follow: () => Promise<TraceLink>): Promise<TraceLink> {
  try {
    return await follow()
  } catch (error) {
    if ((error as { type?: string }).type === 'Unavailable') throw error
    return broken(name, errorText(error))
  }
}

export const broken = (name: TraceLink['name'], says: string, data: TraceLink['data'] = {}): TraceLink => ({
  name,
  status: 'broken',
  says,
  data,
})
