import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { tracePage } from '../../console/trace-page.js'
import type { DecisionService } from '../../serving/service.js'
import { trace } from '../../serving/trace/trace.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import type { Variables } from '../guard.js'
import { createPages } from './show-page.js'

const route = createRoute({
  method: 'get',
  path: '/v1/decisions/{id}/trace',
  summary: 'Trace a decision to its release and evidence; recomputes every digest',
  description: 'JSON, or an HTML page if the client accepts text/html.',
  request: { params: z.object({ id: z.string() }), query: z.object({ project: z.string().optional() }) },
  responses: {
    200: {
      description: 'All links of the trace; a link whose digest does not match is marked as broken',
      content: {
        'application/json': {
          schema: z.looseObject({ decisionId: z.string(), project: z.string(), intact: z.boolean() }).openapi('Trace'),
        },
        'text/html': { schema: z.string() },
      },
    },
  },
})

/** In a path, the ids `.` and `..` are steps of the path: no client can send them there. */
const byQuery = createRoute({
  ...route,
  path: '/v1/decisions/trace',
  summary: 'Trace a decision with any id, such as `..`; recomputes every digest',
  request: { query: z.object({ id: z.string(), project: z.string().optional() }) },
})

export function addTraceRoutes(
  app: App,
  service: DecisionService,
  guard: Guard,
  { workflowUrl, sessions }: Pick<AppOptions, 'workflowUrl' | 'sessions'>,
): void {
  const pages = createPages({ sessions })
  // The trace of a decision of a named project belongs to that project; without one, ids of all projects are searched.
  app.use('/v1/decisions/*', async (c, next) => guard.refusal(c, 'read', c.req.query('project') || undefined) ?? next())
  const answer = async (c: Context<{ Variables: Variables }>, id: string, project: string | undefined) => {
    const find = () => trace({ ...service, workflowUrl }, id, project)
    const isPage = (c.req.header('accept') ?? '').includes('text/html')
    const show = async () => pages.show(c, { title: `Decision ${id}`, content: tracePage(await find()) })
    return (isPage ? await pages.orProblem(c, show) : c.json({ ...(await find()) }, 200)) as never
  }
  app.openapi(byQuery, (c) => answer(c, c.req.valid('query').id, c.req.valid('query').project))
  app.openapi(route, (c) => answer(c, c.req.valid('param').id, c.req.valid('query').project))
}
