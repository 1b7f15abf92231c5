/** Clients of the decision service for a demo: one a project, each in a process of its own, over HTTP like any other. */
import { SlipwayError } from '../../contracts/failure.js'
import { type Child, startChild } from '../runtime/child.js'
import type { Stoppable } from '../runtime/platform.js'

/**
 * At most this many requests an event day: with time 20,000 times as fast that is some 350 a second, which leaves a small machine room
 * to train on. Only flights have more.
 */
const PER_DAY = 1_500

export interface TrafficClients extends Stoppable {
  /** Starts a project's client where it has none yet. */
  ensure(project: string): void
  /** Rejects when one ends by itself; never resolves. */
  readonly running: Promise<void>
}

export function openTrafficClients(url: string): TrafficClients {
  const children = new Map<string, Child>()
  let stopped = false
  let reject: (error: Error) => void = () => {}
  const running = new Promise<void>((_, refuse) => {
    reject = refuse
  })
  running.catch(() => {})
  return {
    running,
    ensure(project) {
      if (stopped || children.has(project)) return
      const args = ['traffic', project, '--follow', '--url', url, '--per-day', String(PER_DAY)]
      const child = startChild(args, {}, () => {})
      children.set(project, child)
      void child.exited.then(() => {
        if (child.stopping) return
        reject(new SlipwayError('Unavailable', `the traffic client of ${project} ended: ${child.said()}`))
      })
    },
    async stop() {
      stopped = true
      await Promise.all([...children.values()].map((child) => child.stop()))
    },
  }
}
