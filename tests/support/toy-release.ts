import type { Client } from '@temporalio/client'
import type { PromotionPolicy, ReleaseInput } from '../../contracts/types.js'
import { startRelease } from '../../releases/start-release.js'
import { project } from '../toy-project/index.js'

export interface ToyRelease {
  readonly parameters?: Readonly<Record<string, number | string | boolean>>
  readonly policy?: PromotionPolicy
  readonly cutoff?: string
  readonly source?: string
  readonly by?: string
  readonly proof?: string
  readonly evidence?: 'replay' | 'live'
  /** For tests that kill workers: a real minute to wait is long. */
  readonly workerTimeoutMs?: number
}

/** @param clock wall time in epoch ms at the start, and event time divided by wall time */
export function startToyRelease(
  client: Client,
  trigger: string,
  {
    cutoff = '2001-01-20T00:00:00.000Z',
    parameters,
    policy = project.policy,
    by = 'test',
    workerTimeoutMs,
    ...given
  }: ToyRelease,
  clock: { readonly wallStart: number; readonly speed: number },
): ReturnType<typeof startRelease> {
  const input: ReleaseInput = {
    trigger: {
      project: 'toy',
      id: trigger,
      kind: 'cli',
      by,
      at: new Date(clock.wallStart).toISOString(),
      cutoff,
      parameters: { ...parameters },
      ...given,
    },
    policy,
    clock: { eventStart: Date.parse(cutoff), ...clock },
  }
  return startRelease(client, input, { workerTimeoutMs })
}
