import { SlipwayError } from '../contracts/failure.js'
import { projectTaskQueue, TASK_QUEUE } from '../contracts/names.js'

export interface Served {
  /** Workflows and shared activities: task queue `slipway`. */
  readonly shared: boolean
  /** Projects whose queue `slipway-<project>` is served. */
  readonly projects: readonly string[]
}

/**
 * @param text task queues separated by commas, such as `slipway,slipway-eta`; all when empty or undefined
 * @throws SlipwayError BadRequest naming a queue that does not exist
 */
export function servedQueues(text: string | undefined, projects: readonly string[]): Served {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length === 0) return { shared: true, projects }
  const known = [TASK_QUEUE, ...projects.map(projectTaskQueue)]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new SlipwayError(
      'BadRequest',
      `SLIPWAY_TASK_QUEUES names "${unknown}", which does not exist; task queues are ${known.join(', ')}`,
    )
  }
  return {
    shared: names.includes(TASK_QUEUE),
    projects: projects.filter((name) => names.includes(projectTaskQueue(name))),
  }
}
