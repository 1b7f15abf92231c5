/** Links that are checked by computing again: the output from the input and the artifact, the loss from the label. */
import { canonicalJson } from '../../contracts/canonical.js'
import { isScoringFailure } from '../../contracts/scoring-failure.js'
import { isShadowFailure } from '../../contracts/shadow-decisions.js'
import { lossOf } from '../../projects/loss-of.js'
import type { Project } from '../../projects/project.js'
import type { DecisionRecord, OutcomeRecord, Registry, ReleaseRecord } from '../../registry/index.js'
import type { ReleaseLoader } from '../../releases/load-release.js'
import type { TraceLink } from './types.js'

interface Needs {
  readonly registry: Pick<Registry, 'labels' | 'releases'>
  readonly projects: ReadonlyMap<string, Project>
  readonly loadRelease: ReleaseLoader
}

export async function outputLink(
  { projects, loadRelease }: Needs,
  { project: name, input, output, action }: DecisionRecord,
  { releaseId }: ReleaseRecord,
): Promise<TraceLink> {
  const link = (status: TraceLink['status'], says: string, data = {}): TraceLink => ({
    name: 'output',
    status,
    says,
    data,
  })
  if (isShadowFailure({ output, action }))
    return link('absent', `${releaseId} failed to score the request in the shadow`, { output, action })
  const project = projects.get(name)
  if (!project) return link('unchecked', `project ${name} is not loaded here`, { output, action })
  if (input === null) return link('unchecked', 'the input was not kept with the decision', { output, action })
  const { scorer, manifest } = await loadRelease(project, releaseId)
  const [again] = await scorer.score([input])
  const actionAgain = again && project.decide(again, manifest.actionPolicy, input)
  if (canonicalJson(again ?? null) === canonicalJson(output) && actionAgain === action) {
    return link('intact', `${releaseId} gives the same output and action again for the recorded input`, {
      output,
      action,
    })
  }
  const says = `${releaseId} now gives ${canonicalJson(again ?? null)} → ${actionAgain}; recorded were ${canonicalJson(output)} → ${action}`
  return link('broken', says, { output, action, again, actionAgain })
}

/** The model was dropped: the recorded output cannot be computed again. */
export const withoutModel = ({ output, action }: DecisionRecord): TraceLink => ({
  name: 'output',
  status: 'unchecked',
  data: { output, action },
  says: 'the model was dropped by policy, so the output cannot be computed again',
})

export async function outcomeLink(
  { registry, projects }: Needs,
  decision: DecisionRecord,
  versions: readonly OutcomeRecord[],
): Promise<TraceLink> {
  const { project: name, action, output, releaseId, input } = decision
  const newest = [...versions].sort((a, b) => a.observedAt - b.observedAt || a.version - b.version).at(-1)
  const link = (status: TraceLink['status'], says: string): TraceLink => ({
    name: 'outcome',
    status,
    says,
    data: { versions, counts: newest?.version ?? null },
  })
  if (!newest) return link('absent', 'no label has arrived yet')
  const found = `label ${canonicalJson(newest.label)}, loss ${newest.loss}, version ${newest.version} of ${versions.length}`
  if (isScoringFailure(newest.label)) {
    const [first] = versions.filter(({ version }) => version === 1)
    const failed = `the release of the arm could not score the input, ${releaseId} answered instead, and the failure counts loss ${newest.loss}`
    return first?.loss === newest.loss
      ? link('intact', failed)
      : link('broken', `${failed}; recorded first was ${first?.loss}`)
  }
  const project = projects.get(name)
  if (!project) return link('unchecked', `${found}; project ${name} is not loaded here`)
  const { actionPolicy } = (await registry.releases.get(releaseId)).manifest
  const loss = lossOf(project, { action, output, label: newest.label, input }, actionPolicy)
  return loss === newest.loss ? link('intact', found) : link('broken', `${found}; computed again, the loss is ${loss}`)
}
