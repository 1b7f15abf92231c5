/** The application with all its routes (docs/reference/http.md). Every error is answered with a problem document. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import type { DecisionService } from '../serving/service.js'
import { bodyLimits } from './access/body-limit.js'
import type { App, AppOptions } from './app-options.js'
import { bodyText } from './body-text.js'
import { createGuard, type RefusedAttempt } from './guard.js'
import { problem, problemOf } from './problems.js'
import { addActionRoutes } from './routes/actions.js'
import { addCodecRoutes } from './routes/codec.js'
import { addConsoleRoutes } from './routes/console.js'
import { addDecisionRoutes } from './routes/decisions.js'
import { addHealthRoutes } from './routes/health.js'
import { addOutcomeRoutes } from './routes/outcomes.js'
import { addReadRoutes } from './routes/reads.js'
import { addReleaseRoutes } from './routes/releases.js'
import { addRollbackRoutes } from './routes/rollbacks.js'
import { addScheduleRoutes } from './routes/schedules.js'
import { addSessionRoutes } from './routes/sessions.js'
import { addSnapshotRoutes } from './routes/snapshots.js'
import { addTraceRoutes } from './routes/traces.js'
import { storableAddress } from './storable-address.js'

export function createApp(service: DecisionService, options: AppOptions): App {
  const app: App = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined
      const problems = result.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message }))
      const detail = problems.map(({ field, message }) => `${field}: ${message}`).join('; ')
      return problem(c, 400, detail, { problems })
    },
  })
  const access = {
    ...options,
    onRefused(attempt: RefusedAttempt) {
      service.metrics.refused.inc({ status: attempt.status })
      options.onRefused?.(attempt)
    },
  }
  const guard = createGuard(access, bodyLimits(service.projects, options))
  app.onError((error, c) => {
    const response = problemOf(c, error)
    service.metrics.refused.inc({ status: response.status })
    return response
  })
  app.notFound((c) => problem(c, 404, `there is no route ${c.req.method} ${c.req.path}; see /openapi.json`))
  addHealthRoutes(app, service, guard)
  app.use('*', storableAddress)
  // The size first: a form is read to find the token of its page.
  app.use('/v1/*', guard.site, guard.size, guard.identify, bodyText(options))
  addDecisionRoutes(app, service, guard, options.traces)
  addOutcomeRoutes(app, service, guard)
  addReadRoutes(app, service, guard)
  addReleaseRoutes(app, service, guard, options)
  addSnapshotRoutes(app, service, guard, options)
  addActionRoutes(app, service, guard, options)
  addRollbackRoutes(app, service, guard, options)
  addScheduleRoutes(app, service, guard, options)
  addTraceRoutes(app, service, guard, options)
  addConsoleRoutes(app, service, guard, options)
  addCodecRoutes(app, guard, options)
  addSessionRoutes(app, guard, options.sessions)
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })
  for (const project of service.projects.values()) {
    for (const [what, schema] of [
      ['input', project.inputSchema],
      ['label', project.labelSchema],
    ] as const) {
      if (!schema) continue
      // Built from the JSON Schema: a zod schema created before @hono/zod-openapi was loaded lacks its methods.
      const json = z.toJSONSchema(schema, { unrepresentable: 'any' }) as object
      app.openAPIRegistry.registerComponent('schemas', `${what}_${project.name}`, json)
    }
  }
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Slipway decision service', version: options.version },
    security: options.tokens.length > 0 || options.verifyBearer ? [{ token: [] }] : [],
  })
  return app
}
