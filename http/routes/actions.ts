import { randomUUID } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { releaseWorkflowId } from '../../contracts/names.js'
import { runToOperate } from '../../releases/operate.js'
import type { DecisionService } from '../../serving/service.js'
import { actAsCaller } from '../act-as-caller.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import type { Variables } from '../guard.js'
import { problem, problemOf } from '../problems.js'
import { jsonResponse, operatorProblems } from '../responses.js'
import { actionAnswer, actionRequest, releaseParam } from '../schemas/action-schemas.js'

type C = Context<{ Variables: Variables }>
type ActionRequest = z.infer<typeof actionRequest>

const OF_RELEASE = '/v1/releases/{id}/actions'

const common = {
  method: 'post',
  description:
    'The same action, answer and record as `slipway release ACTION`. An action that is refused is recorded too, and answered with 409 and `accepted: false`.',
  responses: {
    200: jsonResponse(actionAnswer, 'The action took effect'),
    ...operatorProblems('the action'),
  },
} as const
const body = { required: true, content: { 'application/json': { schema: actionRequest } } } as const

const ofRun = createRoute({
  ...common,
  path: '/v1/projects/{project}/releases/{trigger}/actions',
  summary: 'An operator action on the release of a trigger',
  request: { params: releaseParam, body },
})

const ofRelease = createRoute({
  ...common,
  path: OF_RELEASE,
  summary: 'An operator action by the id of a release, or of a run',
  request: { params: z.object({ id: z.string().openapi({ example: 'eta_v3' }) }), body },
})

export function addActionRoutes(
  app: App,
  service: DecisionService,
  guard: Guard,
  options: Pick<AppOptions, 'withClient' | 'prover'>,
): void {
  const act = async (c: C, run: { project: string; workflowId: string }, request: ActionRequest) => {
    const { workflowId } = run
    const { action, by, reason, id = randomUUID() } = request
    const refused = guard.refusal(c, action === 'approve' ? 'approve' : 'operate', run.project)
    if (refused) return refused
    service.project(run.project)
    try {
      const asked = { workflowId, action, by, reason, id }
      const done = await actAsCaller({ ...options, service }, c.get('caller'), asked)
      const { accepted, message, answeredBy } = done
      const answer = { workflowId, id, message, answeredBy }
      if (!accepted) return problem(c, 409, message, { accepted, ...answer })
      return c.json({ ...answer, accepted: true as const }, 200)
    } catch (error) {
      // Sent again with this id it is the same action.
      return problemOf(c, error, { id })
    }
  }
  app.openapi(ofRun, async (c) => {
    const { project, trigger } = c.req.valid('param')
    return (await act(c, { project, workflowId: releaseWorkflowId(project, trigger) }, c.req.valid('json'))) as never
  })
  // Which project it is is found out for known callers only.
  app.use(OF_RELEASE.replace('{id}', ':id'), guard.known)
  app.openapi(ofRelease, async (c) => {
    const run = await runToOperate(service.registry, c.req.valid('param').id)
    return (await act(c, run, c.req.valid('json'))) as never
  })
}
