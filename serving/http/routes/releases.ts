import { createRoute } from '@hono/zod-openapi'
import { SlipwayError } from '../../../contracts/failure.js'
import { releaseWorkflowId } from '../../../contracts/names.js'
import type { ReleaseInput } from '../../../contracts/types.js'
import type { DecisionService } from '../../service.js'
import type { App, AppOptions, Guard } from '../app.js'
import { problemDetails, projectParam, releaseRequest, releaseStarted } from '../schemas.js'

/** @throws SlipwayError Unavailable when it could not be started; asking again with the same id is safe */
export type StartRelease = (input: ReleaseInput) => Promise<{ workflowId: string; existed: boolean }>

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
    'The normal release with all its stages. The id makes it idempotent: the same id is the same release, whatever else is sent with it.',
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
    const { id, reason, by, cutoff, parameters = {}, evidence = 'live' } = c.req.valid('json')
    if (!startRelease) throw new SlipwayError('Unavailable', 'this decision service knows no Temporal server')
    const recorded = releaseWorkflowId(name, id)
    // Temporal forgets runs that ended long ago; the chain does not, and an id is one release for ever.
    if (await isRecorded(service, recorded))
      return c.json({ workflowId: recorded, existed: true, workflowUrl: workflowUrl(recorded) }, 200)
    const token = c.get('caller')?.name
    const wallStart = service.now()
    const at = new Date(wallStart).toISOString()
    const known = cutoff === undefined ? at : new Date(cutoff).toISOString()
    const { workflowId, existed } = await startRelease({
      trigger: {
        ...{ project: name, id, kind: 'webhook', at, cutoff: known, evidence, parameters, cause: { reason } },
        // What the caller says of himself is not proven; which token he had is.
        by: token === undefined ? (by ?? 'webhook') : by === undefined ? `token ${token}` : `${by} (token ${token})`,
      },
      policy,
      // As from the command line: replayed evidence begins with the cutoff, live traffic has no other time than now.
      clock: { eventStart: evidence === 'live' ? wallStart : Date.parse(known), wallStart, speed: 1 },
    })
    return c.json({ workflowId, existed, workflowUrl: workflowUrl(workflowId) }, existed ? 200 : 201)
  })
}

async function isRecorded({ registry }: DecisionService, workflowId: string): Promise<boolean> {
  try {
    await registry.run(workflowId)
    return true
  } catch (error) {
    if (error instanceof SlipwayError && error.type === 'BadRequest') return false
    throw error
  }
}
