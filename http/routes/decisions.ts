import { createRoute } from '@hono/zod-openapi'
import { callerOf, type Traces, traceOfRun } from '../../contracts/traces.js'
import type { DecisionService } from '../../serving/service.js'
import type { App, Guard } from '../app-options.js'
import { problem } from '../problems.js'
import { jsonResponse, problemResponse } from '../responses.js'
import { decisionAnswer, decisionRequest, idempotencyKey } from '../schemas/decision-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/decisions',
  summary: 'Request a decision',
  description:
    'The decision is stored durably before it is answered. A repeated decisionId with the same input gets the same answer. The proxy sends a request again whose connection broke, with the header Idempotency-Key.',
  request: {
    params: projectParam,
    headers: idempotencyKey,
    body: { required: true, content: { 'application/json': { schema: decisionRequest } } },
  },
  responses: {
    200: jsonResponse(decisionAnswer, 'The decision; it is stored'),
    400: problemResponse('The request is malformed'),
    404: problemResponse('Unknown project'),
    409: problemResponse('The decisionId was used with another input, or the forced arm does not exist'),
    413: problemResponse('The body is too large'),
    415: problemResponse('The body is not JSON'),
    422: problemResponse('The input does not fit the project'),
    429: problemResponse('Too many requests: retry after Retry-After seconds'),
    503: problemResponse('No decision was made: retry after Retry-After seconds'),
  },
})

export function addDecisionRoutes(app: App, service: DecisionService, guard: Guard, traces?: Traces): void {
  app.use('/v1/projects/:project/decisions', guard.role('decide'))
  app.openapi(route, async (c) => {
    const { project } = c.req.valid('param')
    const request = c.req.valid('json')
    if (request.arm !== undefined && !c.get('caller')?.may('operate', project)) {
      return problem(c, 403, 'arm: only a token with the role operate may force an arm') as never
    }
    const begun = performance.now()
    const answer = await service.decide(project, {
      ...request,
      decisionId: request.decisionId ?? c.req.valid('header')['idempotency-key'],
    })
    service.metrics.seconds.observe({ project }, (performance.now() - begun) / 1_000)
    const parent = traces && callerOf(c.req.header('traceparent'))
    if (parent) {
      const run = service.follower.state(project).tuples?.record.run?.workflowId
      const until = Date.now()
      traces.record({
        name: 'decide',
        parent,
        // The release that is exposed now: its canary is judged by decisions such as this one.
        links: run ? [traceOfRun(run)] : [],
        from: until - (performance.now() - begun),
        until,
        attributes: {
          'slipway.project': project,
          'slipway.decision': answer.decisionId,
          'slipway.release': answer.releaseId,
          'slipway.arm': answer.arm,
        },
      })
    }
    return c.json(answer, 200)
  })
}
