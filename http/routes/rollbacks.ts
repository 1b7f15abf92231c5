import { createRoute } from '@hono/zod-openapi'
import { rollBackAndSignal, rollbackRequestOf } from '../../releases/roll-back-and-signal.js'
import type { DecisionService } from '../../serving/service.js'
import { requireCallerName } from '../access/caller-name.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { problemOf } from '../problems.js'
import { jsonResponse, operatorProblems } from '../responses.js'
import { rollbackAnswer, rollbackRequest } from '../schemas/action-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'
import { withTemporal } from '../with-temporal.js'

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
  { withClient, prover }: Pick<AppOptions, 'withClient' | 'prover'>,
): void {
  app.use('/v1/projects/:project/rollback', guard.role('operate'))
  app.openapi(route, async (c) => {
    const project = service.project(c.req.valid('param').project).name
    const { to, by, reason, id } = c.req.valid('json')
    const name = requireCallerName(by, c.get('caller'))
    const note = { ...(id === undefined ? {} : { id }), by: name.by, reason }
    const known = prover && ({ identity: name.proven ? 'proven' : 'stated' } as const)
    const request = { ...rollbackRequestOf(project, { ...note, to }), ...known }
    const { registry, artifacts } = service
    const needs = { registry, artifacts, withClient: withTemporal(withClient) }
    try {
      const { from, to: now, runs } = await rollBackAndSignal(needs, request)
      return c.json({ project, id: request.id, from, to: now, runs: [...runs] }, 200)
    } catch (error) {
      return problemOf(c, error, { id: request.id }) as never
    }
  })
}
