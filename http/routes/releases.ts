import { createRoute } from '@hono/zod-openapi'
import type { DecisionService } from '../../serving/service.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { jsonResponse, problemResponse } from '../responses.js'
import { releaseRequest, releaseStarted } from '../schemas/release-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'
import { startAsCaller } from '../start-as-caller.js'

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
    const { id, by, reason, cutoff, evidence, parameters, snapshot, allowUndecided } = c.req.valid('json')
    const started = await startAsCaller({ service, startRelease, prover }, c.get('caller'), {
      project: c.req.valid('param').project,
      id,
      by,
      reason,
      cutoff: cutoff && new Date(cutoff).toISOString(),
      evidence,
      parameters,
      source: snapshot,
      allowUndecided,
    })
    const { workflowId, existed, differs } = started
    const answer = { workflowId, existed, workflowUrl: workflowUrl(workflowId), differs: differs && [...differs] }
    return existed ? c.json(answer, 200) : c.json(answer, 201)
  })
}
