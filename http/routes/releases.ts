import { createRoute } from '@hono/zod-openapi'
import { isLive } from '../../contracts/evidence-source.js'
import { SlipwayError } from '../../contracts/failure.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { ReleaseInput } from '../../contracts/types.js'
import { liveTrafficSeen, requireReachableLabels } from '../../releases/reachable-labels.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { requireKnownSource } from '../../releases/sources/known-source.js'
import { recordedRelease, startOnce } from '../../releases/start-once.js'
import type { DecisionService } from '../../serving/service.js'
import { callerName, proofOf } from '../access/caller-name.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { jsonResponse, problemResponse } from '../responses.js'
import { releaseRequest, releaseStarted } from '../schemas/release-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/releases',
  summary: 'Start a release',
  description:
    'Starts a release with all its stages. The id makes the call idempotent: the same id is the same release, with the content of the first request. Content that differs from the first request is ignored and listed in `differs`.',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: releaseRequest } } },
  },
  responses: {
    200: jsonResponse(releaseStarted, 'A release with this id was started earlier'),
    201: jsonResponse(releaseStarted, 'The release was started'),
    400: problemResponse('The request is malformed: nothing was started'),
    401: problemResponse('A token is required'),
    403: problemResponse('The token does not have the role operate'),
    404: problemResponse('Unknown project'),
    503: problemResponse('Nothing was started: send the same request again after Retry-After seconds'),
  },
})

export function addReleaseRoutes(
  app: App,
  service: DecisionService,
  guard: Guard,
  { startRelease, workflowUrl, prover }: Pick<AppOptions, 'startRelease' | 'workflowUrl' | 'prover'>,
): void {
  app.use('/v1/projects/:project/releases', guard.role('operate'))
  app.openapi(route, async (c) => {
    const project = service.project(c.req.valid('param').project)
    const { id, by, reason, cutoff, evidence, parameters, snapshot, allowUndecided = false } = c.req.valid('json')
    if (!startRelease)
      throw new SlipwayError(
        'Unavailable',
        'this decision service has no Temporal server; set TEMPORAL_ADDRESS and restart it',
      )
    const at = new Date(service.now()).toISOString()
    const asked = { cutoff: cutoff && new Date(cutoff).toISOString(), evidence, parameters, source: snapshot }
    const name = callerName(by, c.get('caller')) ?? { by: 'webhook', proven: false }
    const input = releaseInputOf({
      project,
      id,
      kind: 'webhook',
      by: name.by,
      ...proofOf(prover, name, { workflowId: releaseWorkflowId(project.name, id), id, action: 'start', by: name.by }),
      at,
      cutoff: asked.cutoff ?? at,
      evidence: evidence ?? 'live',
      parameters: parameters ?? {},
      cause: { reason },
      ...(snapshot === undefined ? {} : { source: snapshot }),
    })
    const ref = { project: project.name, trigger: id }
    const recorded = () => recordedRelease(service.registry, ref, asked)
    const start = async (input: ReleaseInput) => {
      if (snapshot !== undefined) await requireKnownSource(service, project.name, snapshot)
      if (!allowUndecided && isLive(input.trigger))
        requireReachableLabels(input.policy, await liveTrafficSeen(service.registry, project.name, service.now()))
      return startRelease(input)
    }
    const { workflowId, existed, differs } = await startOnce({ recorded, start }, input)
    const answer = { workflowId, existed, workflowUrl: workflowUrl(workflowId), differs: differs && [...differs] }
    return existed ? c.json(answer, 200) : c.json(answer, 201)
  })
}
