/** The demo's clients of the decision service: one process per project, using HTTP like any other client. */
import { SlipwayError } from '../../contracts/failure.js'
import { type Child, startChild } from '../runtime/child.js'
import type { Stoppable } from '../runtime/platform.js'

/**
 * Requests per event day, at most. At 20,000 times real time this is about 350 requests per second, which leaves a
 * small machine enough capacity to train. Only the `eta` project has more events per day.
 */
const PER_DAY = 1_500

export interface TrafficClients extends Stoppable {
  /** Starts the client of a project unless it is running already. */
  ensure(project: string): void
  /** Rejects when a client ends by itself; never resolves. */
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
        reject(new SlipwayError('Unavailable', `the traffic client of ${project} ended: ${child.errorOutput()}`))
      })
    },
    async stop() {
      stopped = true
      await Promise.all([...children.values()].map((child) => child.stop()))
    },
  }
}
