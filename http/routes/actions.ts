import { randomUUID } from 'node:crypto'
import { createRoute } from '@hono/zod-openapi'
import { releaseWorkflowId } from '../../contracts/names.js'
import { approvalOf, operate, operatorActionOf } from '../../releases/operate.js'
import type { DecisionService } from '../../serving/service.js'
import { proofOf, requireCallerName } from '../access/caller-name.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { problem, problemOf } from '../problems.js'
import { jsonResponse, operatorProblems } from '../responses.js'
import { actionAnswer, actionRequest, releaseParam } from '../schemas/action-schemas.js'
import { withTemporal } from '../with-temporal.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/releases/{trigger}/actions',
  summary: 'An operator action on a release',
  description:
    'The same action, answer and record as `slipway release ACTION`. An action that is refused is recorded too, and answered with 409 and `accepted: false`.',
  request: {
    params: releaseParam,
    body: { required: true, content: { 'application/json': { schema: actionRequest } } },
  },
  responses: {
    200: jsonResponse(actionAnswer, 'The action took effect'),
    ...operatorProblems('the action'),
  },
})

export function addActionRoutes(
  app: App,
  service: DecisionService,
  guard: Guard,
  { withClient, prover }: Pick<AppOptions, 'withClient' | 'prover'>,
): void {
  app.openapi(route, async (c) => {
    const { action, by, reason, id = randomUUID() } = c.req.valid('json')
    const refused = guard.refusal(c, action === 'approve' ? 'approve' : 'operate')
    if (refused) return refused as never
    const { project, trigger } = c.req.valid('param')
    const workflowId = releaseWorkflowId(service.project(project).name, trigger)
    const name = requireCallerName(by, c.get('caller'))
    const note = { id, by: name.by, reason }
    const unsigned = action === 'approve' ? approvalOf(note) : operatorActionOf(action, note)
    const what = { workflowId, id: unsigned.id, action: unsigned.action, by: unsigned.by }
    const sent = { ...unsigned, ...proofOf(prover, name, what) }
    const needs = { registry: service.registry, withClient: withTemporal(withClient), prover }
    try {
      const { accepted, message, answeredBy } = await operate(needs, workflowId, sent)
      const answer = { workflowId, id, message, answeredBy }
      if (!accepted) return problem(c, 409, message, { accepted, ...answer }) as never
      return c.json({ ...answer, accepted: true as const }, 200)
    } catch (error) {
      // Sent again with this id it is the same action.
      return problemOf(c, error, { id }) as never
    }
  })
}
