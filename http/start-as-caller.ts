/** Starts of releases in the name of a caller, for the route of machines and the form of people alike. */
import { isLive } from '../contracts/evidence-source.js'
import { SlipwayError } from '../contracts/failure.js'
import { releaseWorkflowId } from '../contracts/names.js'
import type { Asked } from '../contracts/release-content.js'
import type { PromotionPolicy, ReleaseInput, Trigger } from '../contracts/types.js'
import { liveTrafficSeen, requireReachableLabels } from '../releases/reachable-labels.js'
import { releaseInputOf } from '../releases/release-input.js'
import { isStored, requireKnownSource } from '../releases/sources/known-source.js'
import { recordedRelease, type Started, startOnce } from '../releases/start-once.js'
import type { DecisionService } from '../serving/service.js'
import { callerName, proofOf } from './access/caller-name.js'
import type { Caller } from './access/tokens.js'
import type { AppOptions } from './app-options.js'

export interface StartNeeds extends Pick<AppOptions, 'prover'> {
  readonly startRelease?: AppOptions['startRelease'] | undefined
  readonly service: Pick<DecisionService, 'registry' | 'artifacts' | 'now' | 'project'>
}

/** What is absent is that of the project, or of now. */
export interface StartRequest {
  readonly project: string
  readonly id: string
  readonly reason: string
  readonly by: string | undefined
  /** ISO. */
  readonly cutoff?: string | undefined
  readonly evidence?: Trigger['evidence']
  readonly parameters?: Trigger['parameters'] | undefined
  /** The digest of stored data, or a path that an earlier release was started with. */
  readonly source?: string | undefined
  readonly policy?: PromotionPolicy | undefined
  readonly allowUndecided?: boolean | undefined
}

export const NO_TEMPORAL = 'this decision service has no Temporal server; set TEMPORAL_ADDRESS and restart it'

/** Only what the request states: an earlier release with its id may differ in the rest. */
const askedOf = ({ cutoff, evidence, parameters, source, policy }: StartRequest): Asked => ({
  cutoff,
  evidence,
  parameters,
  source,
  policy,
})

/** The release that the ledger has for the id of this request; null when it has none. */
export const recordedAs = ({ service: { registry } }: StartNeeds, request: StartRequest) =>
  recordedRelease(registry, { project: request.project, trigger: request.id }, askedOf(request))

/** @throws SlipwayError BadRequest for a release that can reach no verdict, Unavailable without a Temporal server */
export async function startAsCaller(
  needs: StartNeeds,
  caller: Caller | null | undefined,
  request: StartRequest,
): Promise<Started> {
  const { service, startRelease, prover } = needs
  if (!startRelease) throw new SlipwayError('Unavailable', NO_TEMPORAL)
  const project = service.project(request.project)
  const { id, cutoff, evidence = 'live', parameters = {}, source, policy, allowUndecided = false } = request
  const at = new Date(service.now()).toISOString()
  const name = callerName(request.by, caller) ?? { by: 'webhook', proven: false }
  const input = releaseInputOf({
    project,
    id,
    kind: 'webhook',
    by: name.by,
    ...proofOf(prover, name, { workflowId: releaseWorkflowId(project.name, id), id, action: 'start', by: name.by }),
    at,
    cutoff: cutoff ?? at,
    evidence,
    parameters,
    cause: { reason: request.reason },
    ...(source === undefined ? {} : { source }),
    ...(policy === undefined ? {} : { policy }),
  })
  const start = async (made: ReleaseInput) => {
    if (source !== undefined && isStored(source)) await requireKnownSource(service, project.name, source)
    if (!allowUndecided && isLive(made.trigger))
      requireReachableLabels(made.policy, await liveTrafficSeen(service.registry, project.name, service.now()))
    return startRelease(made)
  }
  return startOnce({ recorded: () => recordedAs(needs, request), start }, input)
}
