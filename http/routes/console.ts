/** The console: pages, their static files, and the streams of their changes. Pages are not part of the OpenAPI document. */
import type { Context } from 'hono'
import { ASSETS } from '../../console/assets/assets.js'
import { createLiveViews } from '../../console/live/live-views.js'
import { CONTENT_POLICY, page } from '../../console/page.js'
import { problemPage } from '../../console/problem-page.js'
import { createTemporalSeen } from '../../console/temporal-seen.js'
import { type ConsoleNeeds, viewOf } from '../../console/views.js'
import { errorText } from '../../contracts/error-text.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { DecisionService } from '../../serving/service.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { beforeClose } from '../closing.js'
import { problem, statusOf } from '../problems.js'

const COMMON = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' }
const HEADERS = { ...COMMON, 'content-security-policy': CONTENT_POLICY }
const RELEASE = '/projects/:project/releases/:trigger'

type Options = Pick<AppOptions, 'withClient' | 'workflowUrl' | 'live'>

export function addConsoleRoutes(app: App, service: DecisionService, guard: Guard, options: Options): void {
  const { registry, projects, now } = service
  const { workflowUrl } = options
  const needs: ConsoleNeeds = {
    registry,
    projects,
    now,
    temporal: createTemporalSeen(registry, options.withClient, now),
    workflowUrl,
  }
  const stamp = async () => JSON.stringify(await registry.ledger.heads())
  const live = createLiveViews({ stamp, ...options.live })
  beforeClose(app, live.close)
  const read = guard.role('read')

  const answer = (c: Context) =>
    orProblem(c, async () => {
      const { pathname, search } = new URL(c.req.url)
      const view = viewOf(needs, `${pathname}${search}`)
      if (!view) return c.html(problemPage(404, `there is no page ${pathname}`), 404, HEADERS)
      const content = await view.content()
      const events = `/console/events?of=${encodeURIComponent(view.path)}`
      return c.html(page({ title: view.title, content, live: events }), 200, HEADERS)
    })
  const idOf = (c: Context) => releaseWorkflowId(c.req.param('project') ?? '', c.req.param('trigger') ?? '')
  app.get(`${RELEASE}/report`, guard.site, guard.identify, read, (c) =>
    orProblem(c, async () => {
      // Loaded when it is asked for: it draws plots.
      const [{ gatherReport }, { reportPage }] = await Promise.all([
        import('../../console/report/report-data.js'),
        import('../../console/report/report-page.js'),
      ])
      const data = await gatherReport(registry, idOf(c))
      // Its own policy is in the page, for a file that is sent on.
      return c.html(reportPage({ ...data, project: projects.get(data.run.project) ?? null }), 200, COMMON)
    }),
  )
  app.get(`${RELEASE}/record`, guard.site, guard.identify, read, (c) =>
    orProblem(c, async () => {
      const { entries } = await registry.runs.get(idOf(c))
      const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
      return c.body(lines, 200, { ...HEADERS, 'content-type': 'application/x-ndjson' })
    }),
  )
  for (const path of ['/', '/projects/:project', '/projects/:project/releases/:trigger'])
    app.get(path, guard.site, guard.identify, read, answer)

  app.get('/console/events', guard.site, guard.identify, (c) => {
    const view = viewOf(needs, c.req.query('of') ?? '/')
    const refused = guard.refusal(c, 'read', view?.project)
    if (refused) return refused
    if (!view) return problem(c, 404, 'the parameter "of" must be the address of a page of the console')
    const stream = live.open({ key: view.path, render: async () => (await view.content()).text })
    if (!stream) {
      const detail = `this service has ${live.streams} open streams and takes no more; reload the page instead`
      return problem(c, 503, detail, { retryAfter: 30 })
    }
    // Closed with its stream: a connection that is kept alive would delay the end of the service.
    const stays = { connection: 'close', 'x-accel-buffering': 'no' }
    return c.body(stream, 200, { ...HEADERS, ...stays, 'content-type': 'text/event-stream' })
  })
  app.get('/console/:file', (c) => {
    const asset = ASSETS[c.req.param('file')]
    if (!asset) return problem(c, 404, `there is no route GET ${c.req.path}; see /openapi.json`)
    return c.body(asset.text, 200, { ...HEADERS, 'cache-control': 'no-cache', 'content-type': asset.type })
  })
}

async function orProblem(c: Context, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const status = statusOf(error)
    return c.html(problemPage(status, errorText(error)), status as 500, HEADERS)
  }
}
