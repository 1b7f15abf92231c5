/** The application with all its routes (docs/reference/http.md). Every error is answered with a problem document. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import type { DecisionService } from '../serving/service.js'
import type { App, AppOptions } from './app-options.js'
import { createGuard } from './guard.js'
import { problem, problemOf } from './problems.js'
import { addActionRoutes } from './routes/actions.js'
import { addConsoleRoutes } from './routes/console.js'
import { addDecisionRoutes } from './routes/decisions.js'
import { addHealthRoutes } from './routes/health.js'
import { addOutcomeRoutes } from './routes/outcomes.js'
import { addReadRoutes } from './routes/reads.js'
import { addReleaseRoutes } from './routes/releases.js'
import { addRollbackRoutes } from './routes/rollbacks.js'
import { addScheduleRoutes } from './routes/schedules.js'
import { addTraceRoutes } from './routes/traces.js'

export function createApp(service: DecisionService, options: AppOptions): App {
  const app: App = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined
      const problems = result.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message }))
      const detail = problems.map(({ field, message }) => `${field}: ${message}`).join('; ')
      return problem(c, 400, detail, { problems })
    },
  })
  const guard = createGuard(options)
  app.onError((error, c) => {
    const response = problemOf(c, error)
    service.metrics.refused.inc({ status: response.status })
    return response
  })
  app.notFound((c) => problem(c, 404, `there is no route ${c.req.method} ${c.req.path}; see /openapi.json`))
  addHealthRoutes(app, service, guard)
  app.use('/v1/*', guard.site, guard.identify, guard.size)
  addDecisionRoutes(app, service, guard)
  addOutcomeRoutes(app, service, guard)
  addReadRoutes(app, service, guard)
  addReleaseRoutes(app, service, guard, options)
  addActionRoutes(app, service, guard, options)
  addRollbackRoutes(app, service, guard, options)
  addScheduleRoutes(app, service, guard, options)
  addTraceRoutes(app, service, guard, options.workflowUrl)
  addConsoleRoutes(app, service, guard, options)
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })
  for (const project of service.projects.values()) {
    if (!project.inputSchema) continue
    // Built from the JSON Schema: a zod schema created before @hono/zod-openapi was loaded lacks its methods.
    const schema = z.toJSONSchema(project.inputSchema, { unrepresentable: 'any' }) as object
    app.openAPIRegistry.registerComponent('schemas', `input_${project.name}`, schema)
  }
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Slipway decision service', version: options.version },
    security: options.tokens.length > 0 ? [{ token: [] }] : [],
  })
  return app
}
