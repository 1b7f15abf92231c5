/** The first production release of each project, registered in the background while the projects before it work. */
import type { Project } from '../../projects/project.js'
import { initProject } from '../../releases/init-project.js'
import { untilAborted } from './interruption.js'
import { untilAnswering } from './until-answering.js'

export interface FirstProduction {
  readonly releaseId: string
  /** False if the project had a production. */
  readonly created: boolean
}

/** By project. Resolves when the decision service answers with it; rejects when the session is interrupted. */
export type FirstProductions = ReadonlyMap<string, Promise<FirstProduction>>

export const setUpText = ({ releaseId }: FirstProduction): string =>
  `registered its baseline ${releaseId} as the first production release`

/**
 * One project after the other: each imports its data in this process. If interrupted, the next start does this again
 * with the same result.
 */
export function setUpProjects(
  deps: Parameters<typeof initProject>[0],
  projects: Iterable<Project>,
  servingUrl: string,
  signal: AbortSignal,
): FirstProductions {
  const all = new Map<string, Promise<FirstProduction>>()
  const interrupted = untilAborted(signal).then((): never => {
    throw signal.reason
  })
  interrupted.catch(() => {})
  let earlier: Promise<unknown> = Promise.resolve()
  for (const project of projects) {
    const registered = earlier.then(() => {
      signal.throwIfAborted()
      return initProject(deps, project, 'slipway init')
    })
    const answering = registered.then(async (first) => {
      await untilAnswering(servingUrl, new Map([[project.name, first.releaseId]]))
      return first
    })
    const ready = Promise.race([answering, interrupted])
    // The command that waits for it reports a failure; unhandled, it would end the process and leave the servers.
    ready.catch(() => {})
    all.set(project.name, ready)
    earlier = registered
  }
  return all
}
