import { createRoute, z } from '@hono/zod-openapi'
import { SlipwayError } from '../../contracts/failure.js'
import { currentSplit } from '../../serving/aliases/loaded-releases.js'
import { createCoverage } from '../../serving/coverage.js'
import { Refused } from '../../serving/refused.js'
import type { DecisionService } from '../../serving/service.js'
import type { App, Guard } from '../app-options.js'
import { jsonResponse } from '../responses.js'
import { aliasesAnswer, coverageAnswer } from '../schemas/read-schemas.js'
import { projectParam } from '../schemas/shared-fields.js'

const aliases = createRoute({
  method: 'get',
  path: '/v1/projects/{project}/aliases',
  summary: 'The aliases and the traffic split that this service uses',
  request: { params: projectParam },
  responses: { 200: jsonResponse(aliasesAnswer, 'The aliases as this service knows them') },
})

const coverage = createRoute({
  method: 'get',
  path: '/v1/projects/{project}/coverage',
  summary: 'Label coverage per arm, of the open canary or probation or of a given run',
  request: { params: projectParam, query: z.object({ run: z.string().optional() }) },
  responses: { 200: jsonResponse(coverageAnswer, 'Exposed and labelled decisions per arm') },
})

const release = createRoute({
  method: 'get',
  path: '/v1/releases/{id}',
  summary: 'A release: snapshot, features, model, action policy, gates, monitor and promotion policy',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: jsonResponse(
      z.looseObject({ releaseId: z.string(), digest: z.string() }).openapi('Release'),
      'The complete release manifest',
    ),
  },
})

export function addReadRoutes(app: App, service: DecisionService, guard: Guard): void {
  for (const path of ['/v1/projects/:project/aliases', '/v1/projects/:project/coverage', '/v1/releases/:id'])
    app.use(path, guard.role('read'))
  const coverageOf = createCoverage(service.registry, service.now)

  app.openapi(aliases, (c) => {
    const { name } = service.project(c.req.valid('param').project)
    const { tuples, confirmedAt, problem } = service.follower.state(name)
    return c.json(
      {
        project: name,
        production: tuples?.record.production ?? null,
        canary: tuples?.record.canary ?? null,
        split: tuples ? currentSplit(tuples, service.now()) : null,
        confirmedAt: new Date(confirmedAt).toISOString(),
        stale: service.follower.isStale(name),
        problem,
      },
      200,
    )
  })

  app.openapi(coverage, async (c) => {
    const project = service.project(c.req.valid('param').project)
    const run = c.req.valid('query').run ?? service.follower.state(project.name).tuples?.record.run?.workflowId
    if (run === undefined)
      throw new Refused('not_found', `${project.name} has no open canary; name a run with ?run=WORKFLOW_ID`)
    return c.json(await coverageOf(project.name, run), 200)
  })

  app.openapi(release, async (c) => {
    const { id } = c.req.valid('param')
    const found = await service.registry.releases.get(id).catch((error: unknown) => {
      throw error instanceof SlipwayError && error.type === 'BadRequest'
        ? new Refused('not_found', error.message)
        : error
    })
    return c.json({ ...found }, 200)
  })
}
