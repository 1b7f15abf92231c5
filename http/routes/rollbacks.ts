import { randomUUID } from 'node:crypto'
import { createRoute } from '@hono/zod-openapi'
import type { DecisionService } from '../../serving/service.js'
import { rollBackAsCaller } from '../act-as-caller.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { problemOf } from '../problems.js'
import { jsonResponse, operatorProblems } from '../responses.js'
import { rollbackAnswer, rollbackRequest } from '../schemas/action-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/rollback',
  summary: 'Make an earlier release production again',
  description:
    'The same as `slipway rollback`: nothing is built, and no Temporal server is needed. The same id again moves nothing.',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: rollbackRequest } } },
  },
  responses: {
    200: jsonResponse(rollbackAnswer, 'Production was moved'),
    ...operatorProblems('the rollback'),
  },
})

export function addRollbackRoutes(
  app: App,
  service: DecisionService,
  guard: Guard,
  options: Pick<AppOptions, 'withClient' | 'prover'>,
): void {
  app.use('/v1/projects/:project/rollback', guard.role('operate'))
  app.openapi(route, async (c) => {
    const project = service.project(c.req.valid('param').project).name
    const { id = randomUUID(), ...asked } = c.req.valid('json')
    try {
      const request = { project, to: asked.to, by: asked.by, reason: asked.reason, id }
      const { from, to: now, runs } = await rollBackAsCaller({ ...options, service }, c.get('caller'), request)
      return c.json({ project, id, from, to: now, runs: [...runs] }, 200)
    } catch (error) {
      return problemOf(c, error, { id }) as never
    }
  })
}
