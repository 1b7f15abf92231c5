import { createRoute } from '@hono/zod-openapi'
import type { DecisionService } from '../../serving/service.js'
import type { App, Guard } from '../app-options.js'
import { readOutcomes } from '../read-outcomes.js'
import { jsonResponse, problemResponse } from '../responses.js'
import { outcomesAnswer, outcomesRequest } from '../schemas/outcome-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/outcomes',
  summary: 'Deliver outcomes (labels of decisions)',
  description:
    'Outcomes may arrive in any order and repeatedly. The same decisionId, label and observedAt counts once. Another value is a correction; the one with the latest observedAt counts. Outcomes of unknown decisions are kept and applied when the decision arrives. An outcome that is malformed or does not fit the project is rejected by itself.',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: outcomesRequest } } },
  },
  responses: {
    200: jsonResponse(outcomesAnswer, 'How many outcomes were accepted, and which were rejected'),
    400: problemResponse('The body is not a list of objects with a decisionId: no outcome was stored'),
    503: problemResponse('Nothing was stored: send the same batch again after Retry-After seconds'),
  },
})

export function addOutcomeRoutes(app: App, service: DecisionService, guard: Guard): void {
  app.use('/v1/projects/:project/outcomes', guard.role('label'))
  app.openapi(route, async (c) => {
    const project = service.project(c.req.valid('param').project)
    const { labels, places, rejected: malformed } = readOutcomes(c.req.valid('json'))
    const delivered = await service.outcomes.deliver(project, labels)
    const unfit = delivered.rejected.map((one) => ({ ...one, index: places[one.index] ?? one.index }))
    const rejected = [...malformed, ...unfit].sort((a, b) => a.index - b.index)
    for (const result of ['accepted', 'corrections', 'duplicates', 'unknown'] as const)
      service.metrics.outcomes.inc({ project: project.name, result }, delivered[result])
    service.metrics.outcomes.inc({ project: project.name, result: 'rejected' }, rejected.length)
    return c.json({ ...delivered, rejected }, 200)
  })
}
