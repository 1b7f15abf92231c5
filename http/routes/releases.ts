import { createRoute, type z } from '@hono/zod-openapi'
import { SlipwayError } from '../../contracts/failure.js'
import { differences } from '../../contracts/release-content.js'
import type { PromotionPolicy, ReleaseInput } from '../../contracts/types.js'
import { type KnownRelease, knownRelease } from '../../registry/index.js'
import type { DecisionService } from '../../serving/service.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { jsonResponse, problemResponse } from '../responses.js'
import { projectParam, releaseRequest, releaseStarted } from '../schemas.js'

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
  { startRelease, workflowUrl }: Pick<AppOptions, 'startRelease' | 'workflowUrl'>,
): void {
  app.use('/v1/projects/:project/releases', guard.role('operate'))
  app.openapi(route, async (c) => {
    const { name, policy } = service.project(c.req.valid('param').project)
    const body = c.req.valid('json')
    if (!startRelease)
      throw new SlipwayError(
        'Unavailable',
        'this decision service has no Temporal server; set TEMPORAL_ADDRESS and restart it',
      )
    const cutoff = body.cutoff && new Date(body.cutoff).toISOString()
    // Temporal forgets runs that ended long ago; the chain does not, and an id is one release for ever.
    const recorded = () => knownRelease(service.registry, { project: name, trigger: body.id })
    const earlier = (workflowId: string, first: KnownRelease | null) => {
      const differs = first?.input ? differences(first.input, { ...body, cutoff }) : null
      return c.json({ workflowId, existed: true, workflowUrl: workflowUrl(workflowId), differs }, 200)
    }
    const known = await recorded()
    if (known) return earlier(known.workflowId, known)
    const by = calledBy(body.by, c.get('caller')?.name)
    const input = inputOf(name, policy, { ...body, by, cutoff }, service.now())
    const { workflowId, existed } = await startRelease(input)
    if (existed) return earlier(workflowId, await recorded())
    return c.json({ workflowId, existed, workflowUrl: workflowUrl(workflowId), differs: [] }, 201)
  })
}

/** What the caller says of himself is not proven; which token he had is. */
const calledBy = (by: string | undefined, token: string | undefined): string =>
  token === undefined ? (by ?? 'webhook') : by === undefined ? `token ${token}` : `${by} (token ${token})`

function inputOf(
  project: string,
  policy: PromotionPolicy,
  { id, by, reason, cutoff, evidence = 'live', parameters = {} }: z.infer<typeof releaseRequest> & { by: string },
  wallStart: number,
): ReleaseInput {
  const at = new Date(wallStart).toISOString()
  const known = cutoff ?? at
  return {
    trigger: { project, id, kind: 'webhook', by, at, cutoff: known, evidence, parameters, cause: { reason } },
    policy,
    // As from the command line: replayed evidence begins with the cutoff, live traffic has no other time than now.
    clock: { eventStart: evidence === 'live' ? wallStart : Date.parse(known), wallStart, speed: 1 },
  }
}
