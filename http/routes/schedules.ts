import { createRoute } from '@hono/zod-openapi'
import { pauseOrResume } from '../../releases/schedules/steer-schedule.js'
import type { DecisionService } from '../../serving/service.js'
import { requireCallerName } from '../access/caller-name.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { jsonResponse, operatorProblems } from '../responses.js'
import { scheduleAnswer, scheduleRequest } from '../schemas/action-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'
import { withTemporal } from '../with-temporal.js'

const route = createRoute({
  method: 'post',
  path: '/v1/projects/{project}/schedule/actions',
  summary: 'Pause or resume a schedule',
  description: 'The same as `slipway schedule pause` and `resume`. Repeated, it changes only the note.',
  request: {
    params: projectParam,
    body: { required: true, content: { 'application/json': { schema: scheduleRequest } } },
  },
  responses: {
    200: jsonResponse(scheduleAnswer, 'The schedule is paused or resumed'),
    ...operatorProblems('the action'),
  },
})

export function addScheduleRoutes(
  app: App,
  service: DecisionService,
  guard: Guard,
  { withClient }: Pick<AppOptions, 'withClient'>,
): void {
  app.use('/v1/projects/:project/schedule/actions', guard.role('operate'))
  app.openapi(route, async (c) => {
    const project = service.project(c.req.valid('param').project)
    const { action, condition, by, reason } = c.req.valid('json')
    const about = { by: requireCallerName(by, c.get('caller')).by, reason }
    const note = await pauseOrResume(withTemporal(withClient), action, { project, condition }, about)
    return c.json({ project: project.name, condition: condition ?? null, note }, 200)
  })
}
