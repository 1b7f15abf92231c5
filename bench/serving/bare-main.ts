/** The same server, routing, validation and answer without scoring and log: the cost of HTTP alone. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { listen } from '../../http/listen.js'
import { decisionAnswer, decisionRequest } from '../../http/schemas/decision-schemas.js'
import { projectParam } from '../../http/schemas/shared-fields.js'
import { project } from '../../projects/eta/index.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/decisions',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: decisionRequest } } },
  },
  responses: { 200: { description: '', content: { 'application/json': { schema: decisionAnswer } } } },
})
const app = new OpenAPIHono()
app.openapi(route, (c) => {
  project.inputSchema?.parse(c.req.valid('json').input)
  const output = { probability: 0.123456789 }
  return c.json(
    { decisionId: '0'.repeat(36), releaseId: 'eta_v2', arm: 'production' as const, output, action: 'none' },
    200,
  )
})
const listening = await listen(app as never, { host: '127.0.0.1', port: 0 })
process.once('SIGTERM', () => void listening.close().then(() => process.exit(0)))
process.send?.({ url: listening.url })
