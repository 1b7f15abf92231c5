/**
 * The console: pages, their static files, and the streams of their changes. Pages are not part of the OpenAPI document.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { ASSETS } from '../../console/assets/assets.js'
import { ownProjects } from '../../console/fleet/own-projects.js'
import { createLiveViews } from '../../console/live/live-views.js'
import { createTemporalSeen } from '../../console/temporal-seen.js'
import { type ConsoleNeeds, viewOf } from '../../console/views.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { DecisionService } from '../../serving/service.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { beforeClose } from '../closing.js'
import type { Variables } from '../guard.js'
import { PAGE_HEADERS } from '../page.js'
import { problem } from '../problems.js'
import { addActionForms } from './console-actions.js'
import { addPolicyPages } from './policy-pages.js'
import { createPages } from './show-page.js'

const RELEASE = '/projects/:project/releases/:trigger'
// Its own policy is in the page, for a file that is sent on.
const { 'content-security-policy': _policy, ...REPORT_HEADERS } = PAGE_HEADERS

type C = Context<{ Variables: Variables }>

type Options = Pick<
  AppOptions,
  'withClient' | 'startRelease' | 'workflowUrl' | 'live' | 'prover' | 'sessions' | 'policyWork'
>

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

  const pages = createPages(options)
  const answer = (c: C) =>
    pages.orProblem(c, async () => {
      const { pathname, search } = new URL(c.req.url)
      const view = viewOf(needs, `${pathname}${search}`)
      if (!view) return pages.problem(c, 404, `there is no page ${pathname}`)
      const content = await view.content()
      const live = `/console/events?of=${encodeURIComponent(view.path)}`
      return pages.show(c, { title: view.title, content, live })
    })
  const idOf = (c: C) => releaseWorkflowId(c.req.param('project') ?? '', c.req.param('trigger') ?? '')
  app.get(`${RELEASE}/report`, guard.site, guard.identify, read, (c) =>
    pages.orProblem(c, async () => {
      // Loaded when it is asked for: it draws plots.
      const [{ gatherReport }, { reportPage }] = await Promise.all([
        import('../../console/report/report-data.js'),
        import('../../console/report/report-page.js'),
      ])
      const data = await gatherReport(registry, idOf(c))
      return c.html(reportPage({ ...data, project: projects.get(data.run.project) ?? null }), 200, REPORT_HEADERS)
    }),
  )
  app.get(`${RELEASE}/record`, guard.site, guard.identify, read, (c) =>
    pages.orProblem(c, async () => {
      const { entries } = await registry.runs.get(idOf(c))
      const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
      return c.body(lines, 200, { ...PAGE_HEADERS, 'content-type': 'application/x-ndjson' })
    }),
  )
  const orOwn: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
    const caller = c.get('caller')
    if (!caller || caller.may('read')) return next()
    const own = [...projects.keys()].filter((name) => caller.may('read', name))
    return own.length === 0 ? next() : pages.show(c, { title: 'Projects', content: ownProjects(own) })
  }
  app.get('/', guard.site, guard.identify, orOwn, read, answer)
  for (const page of ['', '/history', '/labels', '/releases/:trigger'])
    app.get(`/projects/:project${page}`, guard.site, guard.identify, read, answer)

  addPolicyPages(app, service, guard, { pages, policyWork: options.policyWork })
  addActionForms(app, service, guard, { ...options, pages, temporal: needs.temporal })

  app.get('/console/events', guard.site, guard.identify, (c) => {
    const view = viewOf(needs, c.req.query('of') ?? '/')
    const refused = guard.refusal(c, 'read', view?.project)
    if (refused) return refused
    if (!view) return problem(c, 404, 'the parameter "of" must be the address of a page of the console')
    // Closed with its stream: a connection that is kept alive would delay the end of the service.
    const stays = { connection: 'close', 'x-accel-buffering': 'no' }
    const headers = { ...PAGE_HEADERS, ...stays, 'content-type': 'text/event-stream' }
    // Only its headers were asked for: a stream would never be read, and never closed.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers)
    const stream = live.open({ key: view.path, render: async () => (await view.content()).text }, !guard.open())
    if (!stream) {
      const detail = `this service has ${live.streams} open streams and takes no more; reload the page instead`
      return problem(c, 503, detail, { retryAfter: 30 })
    }
    return c.body(stream, 200, headers)
  })
  app.get('/console/:file', (c) => {
    const asset = ASSETS.get(c.req.param('file'))
    if (!asset) return problem(c, 404, `there is no route GET ${c.req.path}; see /openapi.json`)
    return c.body(asset.text, 200, { ...PAGE_HEADERS, 'cache-control': 'no-cache', 'content-type': asset.type })
  })
}
