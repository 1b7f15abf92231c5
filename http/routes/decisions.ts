import { createRoute } from '@hono/zod-openapi'
import type { DecisionService } from '../../serving/service.js'
import type { App, Guard } from '../app-options.js'
import { problem } from '../problems.js'
import { decisionAnswer, decisionRequest, problemDetails, projectParam } from '../schemas.js'

const refusal = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemDetails } },
})

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/decisions',
  summary: 'Decide',
  description:
    'Answered only once the decision is durable. The same decisionId with the same input gets the same answer.',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: decisionRequest } } },
  },
  responses: {
    200: { description: 'The decision, logged', content: { 'application/json': { schema: decisionAnswer } } },
    400: refusal('Malformed'),
    404: refusal('No such project'),
    409: refusal('The id was used for another input, or there is no such arm'),
    413: refusal('Too large'),
    415: refusal('Not JSON'),
    422: refusal('The input does not fit the project'),
    429: refusal('Too many requests: come back after Retry-After'),
    503: refusal('Not taken: come back after Retry-After'),
  },
})

export function addDecisionRoutes(app: App, service: DecisionService, guard: Guard): void {
  app.use('/v1/projects/:project/decisions', guard.role('decide'))
  app.openapi(route, async (c) => {
    const { project } = c.req.valid('param')
    const request = c.req.valid('json')
    if (request.arm !== undefined && !c.get('caller')?.may('operate')) {
      return problem(c, 403, 'arm: only a token with the role operate may force it') as never
    }
    const begun = performance.now()
    const answer = await service.decide(project, request)
    service.metrics.seconds.observe({ project }, (performance.now() - begun) / 1_000)
    return c.json(answer, 200)
  })
}
