import { createRoute, type z } from '@hono/zod-openapi'
import { SlipwayError } from '../../contracts/failure.js'
import { differences } from '../../contracts/release-content.js'
import type { PromotionPolicy, ReleaseInput } from '../../contracts/types.js'
import { type KnownRelease, knownRelease } from '../../registry/index.js'
import type { DecisionService } from '../../serving/service.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { problemDetails, projectParam, releaseRequest, releaseStarted } from '../schemas.js'

const refusal = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemDetails } },
})
const started = (description: string) => ({
  description,
  content: { 'application/json': { schema: releaseStarted } },
})

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/releases',
  summary: 'Start a release',
  description:
    'The normal release with all its stages. The id makes it idempotent: the same id is the same release, as it was first asked for. What was sent otherwise and does not count is named in `differs`.',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: releaseRequest } } },
  },
  responses: {
    200: started('It was started before, by this id'),
    201: started('Started'),
    400: refusal('Malformed: nothing was started'),
    401: refusal('No token'),
    403: refusal('The token has not the role operate'),
    404: refusal('No such project'),
    503: refusal('Not started: send the same again after Retry-After'),
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
    if (!startRelease) throw new SlipwayError('Unavailable', 'this decision service knows no Temporal server')
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
