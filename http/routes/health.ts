import type { DecisionService } from '../../serving/service.js'
import type { App, Guard } from '../app-options.js'
import { createReleaseGauges } from '../release-gauges.js'

/**
 * `/healthz`: the process answers. `/readyz`: whether it follows the registry. What a project lacks is listed there,
 * and answered by that project's routes: one project must not take all others out of a proxy.
 */
export function addHealthRoutes(app: App, service: DecisionService, guard: Guard): void {
  const { follower, metrics } = service
  const names = [...service.projects.keys()]
  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', (c) => {
    const projects = names.map((project) => {
      const { tuples, confirmedAt, problem } = follower.state(project)
      return {
        project,
        production: tuples?.production.releaseId ?? null,
        beside: tuples?.other?.releaseId ?? null,
        aliasesConfirmedAt: confirmedAt === 0 ? null : new Date(confirmedAt).toISOString(),
        lastKnownAliases: follower.isStale(project),
        spooledBytes: service.log(project).spooled,
        unreadSpoolBytes: unreadBytes(service, project),
        refusedRows: service.spools.refused.get(project) ?? 0,
        problem,
      }
    })
    const ready = names.every(follower.isRead)
    const registry = names.length === 0 || names.some(follower.isHeard) ? 'reachable' : 'away'
    return c.json({ ready, registry, projects, unreadSpools: service.spools.unread }, ready ? 200 : 503)
  })
  const spoolMetrics = () => {
    const { unread, refused } = service.spools
    metrics.unreadSpools.reset()
    metrics.refusedRows.reset()
    // Files of projects that this service does not know are counted too.
    const projects = [...names, ...unread.map(({ project }) => project ?? ''), ...refused.keys()]
    for (const project of new Set(projects)) {
      metrics.unreadSpools.set({ project }, unreadBytes(service, project))
      metrics.refusedRows.set({ project }, refused.get(project) ?? 0)
    }
  }
  const readReleases = createReleaseGauges(service)
  app.get('/metrics', guard.identify, guard.role('read'), async (c) => {
    spoolMetrics()
    readReleases()
    for (const project of names) {
      metrics.queue.set({ project }, service.log(project).depth)
      metrics.shadowQueue.set({ project }, service.shadow(project).depth)
      metrics.shadowQueueSize.set({ project }, service.shadow(project).size)
      metrics.spool.set({ project }, service.log(project).spooled)
      metrics.projectReady.set({ project }, follower.state(project).tuples ? 1 : 0)
      metrics.aliasAge.set({ project }, Math.max(0, service.now() - follower.state(project).confirmedAt) / 1_000)
      for (const [key, { numbers }] of service.monitor(project).latest) {
        const [arm = '', signal = ''] = key.split(' ')
        const value = numbers[signal]
        if (value !== undefined) metrics.signal.set({ project, arm, signal }, value)
      }
    }
    return c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType })
  })
}

/** In this process's spool and those of others in its folder. */
function unreadBytes(service: DecisionService, project: string): number {
  const others = service.spools.unread.filter((spool) => (spool.project ?? '') === project)
  const own = service.projects.has(project) ? service.log(project).spooled : 0
  return others.reduce((sum, { bytes }) => sum + bytes, own)
}
