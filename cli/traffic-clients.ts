/** Clients of the decision service for a demo: one a project, each in a process of its own, over HTTP like any other. */
import { SlipwayError } from '../contracts/failure.js'
import { startChild } from './child.js'
import type { Stoppable } from './platform.js'

/**
 * At most this many requests an event day: with time 20,000 times as fast that is some 350 a second, which leaves a small machine room
 * to train on. Only flights have more.
 */
const PER_DAY = 1_500

export interface TrafficClients extends Stoppable {
  /** Rejects when one ends by itself. */
  readonly running: Promise<void>
}

export function startTrafficClients(url: string, projects: readonly string[]): TrafficClients {
  const children = projects.map((project) => {
    const args = ['traffic', project, '--follow', '--url', url, '--per-day', String(PER_DAY)]
    return { project, child: startChild(args, {}, () => {}) }
  })
  const running = Promise.race(
    children.map(async ({ project, child }) => {
      await child.exited
      if (!child.stopping)
        throw new SlipwayError('Unavailable', `the traffic client of ${project} ended: ${child.said()}`)
    }),
  )
  running.catch(() => {})
  return {
    running,
    async stop() {
      await Promise.all(children.map(({ child }) => child.stop()))
    },
  }
}
