/** Pages that compute: what a policy would do. Their forms are sent in the address and change nothing. */
import type { Context } from 'hono'
import type { Answered, Compute } from '../../console/policy/asking.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import { createPolicyWork, type PolicyWorkOptions } from '../../releases/policy/policy-work.js'
import type { DecisionService } from '../../serving/service.js'
import type { App, Guard } from '../app-options.js'
import { beforeClose } from '../closing.js'
import type { Variables } from '../guard.js'
import type { Pages } from './show-page.js'

type C = Context<{ Variables: Variables }>

/** Not a status of the standard: the browser has left, and reads no answer. */
const LEFT = 499

interface Options {
  readonly pages: Pages
  readonly policyWork?: PolicyWorkOptions | undefined
}

export function addPolicyPages(app: App, service: DecisionService, guard: Guard, { pages, policyWork }: Options): void {
  const work = createPolicyWork(policyWork)
  beforeClose(app, work.close)
  const read = guard.role('read')
  const askedOf = (c: C): { asked: URLSearchParams; compute: Compute | null } => {
    const compute: Compute = (kind, request) => work.compute(kind, request, c.req.raw.signal)
    // Any page could lead a browser here, again and again.
    const foreign = c.req.header('sec-fetch-site') === 'cross-site'
    return { asked: new URL(c.req.url).searchParams, compute: foreign ? null : compute }
  }
  const answer = (c: C, title: string, page: () => Promise<Answered>) =>
    pages.orProblem(c, async () => {
      try {
        const { content, status } = await page()
        // A connection that is kept alive would delay the end of the service.
        if (work.closed) c.header('connection', 'close')
        return pages.show(c, { title, content }, status)
      } catch (error) {
        if (c.req.raw.signal.aborted) return c.body(null, LEFT as 400)
        throw error
      }
    })

  app.get('/projects/:project/policy', guard.site, guard.identify, read, (c) =>
    answer(c, 'Policy', async () => {
      const { name, policy } = service.project(c.req.param('project'))
      // Loaded when it is asked for: it draws plots.
      const { policyPage } = await import('../../console/policy/policy-page.js')
      return policyPage({ project: name, policy, ...askedOf(c) })
    }),
  )
  app.get('/projects/:project/releases/:trigger/policy', guard.site, guard.identify, read, (c) =>
    answer(c, 'Judge with another policy', async () => {
      const { project, trigger } = c.req.param()
      const { replayPage } = await import('../../console/policy/replay-page.js')
      const kinds = ['trigger', 'judgement'] as const
      const run = await service.registry.runs.get(releaseWorkflowId(project, trigger), { kinds })
      const lossUnit = service.projects.get(project)?.lossUnit ?? null
      return replayPage({ run, lossUnit, ...askedOf(c) })
    }),
  )
}
