import { createRoute } from '@hono/zod-openapi'
import type { DecisionService } from '../../serving/service.js'
import type { App, Guard } from '../app-options.js'
import { outcomesAnswer, outcomesRequest, problemDetails, projectParam } from '../schemas.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/outcomes',
  summary: 'Deliver labels',
  description:
    'In any order, as often as needed: the same decisionId, label and observedAt is one label; another value is a correction, and the one observed last counts. Labels of unknown decisions are kept aside.',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: outcomesRequest } } },
  },
  responses: {
    200: { description: 'What became of each', content: { 'application/json': { schema: outcomesAnswer } } },
    400: {
      description: 'Malformed: none was taken',
      content: { 'application/problem+json': { schema: problemDetails } },
    },
    503: {
      description: 'Not taken: send the same batch again',
      content: { 'application/problem+json': { schema: problemDetails } },
    },
  },
})

export function addOutcomeRoutes(app: App, service: DecisionService, guard: Guard): void {
  app.use('/v1/projects/:project/outcomes', guard.role('label'))
  app.openapi(route, async (c) => {
    const project = service.project(c.req.valid('param').project)
    const labels = c.req
      .valid('json')
      .map(({ observedAt, ...label }) => ({ ...label, observedAt: Date.parse(observedAt) }))
    const delivered = await service.outcomes.deliver(project, labels)
    for (const result of ['accepted', 'corrections', 'duplicates', 'unknown'] as const)
      service.metrics.outcomes.inc({ project: project.name, result }, delivered[result])
    service.metrics.outcomes.inc({ project: project.name, result: 'rejected' }, delivered.rejected.length)
    return c.json({ ...delivered, rejected: [...delivered.rejected] }, 200)
  })
}
