/** Traffic for whatever release is judged on it: waits for one to open, sends until it has its verdict, and waits for the next. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReleaseClock } from '../contracts/clock.js'
import { type EvidenceSource, isLive } from '../contracts/evidence-source.js'
import { SlipwayError } from '../contracts/failure.js'
import type { Project } from '../projects/project.js'
import type { TrafficCounts } from './messages.js'
import { openOutbox } from './outbox.js'
import { sendTraffic, type TrafficOptions, unreachable } from './send.js'

/** A release that is judged on live traffic, as the service tells it. */
export interface LiveSplit {
  readonly workflowId: string
  readonly evidence: EvidenceSource
  readonly clock: ReleaseClock
}

interface Service {
  readonly url: string
  readonly token?: string | undefined
}

const POLL_MS = 200

/** @throws SlipwayError Unavailable when nothing answers, BadRequest when it refuses */
export async function liveSplit({ url, token }: Service, project: string): Promise<LiveSplit | null> {
  const headers = token ? { authorization: `Bearer ${token}` } : undefined
  const response = await fetch(`${url}/v1/projects/${project}/aliases`, headers ? { headers } : {}).catch(
    (error: unknown) => {
      throw unreachable(url, error)
    },
  )
  if (response.status === 401 || response.status === 403)
    throw new SlipwayError(
      'BadRequest',
      `${url} asks for a token: set SLIPWAY_TOKEN to one that may decide, label and read`,
    )
  if (!response.ok) throw new SlipwayError('BadRequest', `${url}: ${response.status} ${await response.text()}`)
  const { split } = (await response.json()) as { split: LiveSplit | null }
  return split && isLive(split) ? split : null
}

export type FollowOptions = Pick<TrafficOptions, 'url' | 'token' | 'source' | 'perDay' | 'signal' | 'onDay'> & {
  /** Where outcomes still to be delivered are kept. */
  readonly folder: string
  readonly onRun?: (split: LiveSplit) => void
  readonly onEnd?: (split: LiveSplit, counts: TrafficCounts) => void
}

/** Resolves when told to stop. @throws what one release's traffic could not be sent for */
export async function followReleases(project: Project, options: FollowOptions): Promise<void> {
  const { signal, folder, onRun, onEnd } = options
  let failure: unknown
  const sending = new Set<Promise<void>>()
  const open: { current: { split: LiveSplit; enough: AbortController } | null } = { current: null }
  const begin = (split: LiveSplit) => {
    const enough = new AbortController()
    open.current = { split, enough }
    onRun?.(split)
    const name = `traffic/${split.workflowId}`
    const outbox = openOutbox(folder, name)
    const traffic: Promise<void> = sendTraffic(project, {
      ...options,
      clock: split.clock,
      name,
      until: Number.MAX_SAFE_INTEGER,
      enough: enough.signal,
      outbox,
    })
      .then((counts) => onEnd?.(split, counts))
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => sending.delete(traffic))
    sending.add(traffic)
  }
  try {
    while (!signal.aborted && failure === undefined) {
      // A service that is away comes back or does not: whoever started it knows.
      const split = await liveSplit(options, project.name).catch((error: unknown) => {
        if (error instanceof SlipwayError && error.type === 'Unavailable') return open.current?.split ?? null
        throw error
      })
      if (open.current && !sameRun(open.current.split, split)) {
        open.current.enough.abort()
        open.current = null
      }
      if (split && !open.current) begin(split)
      await sleep(POLL_MS, undefined, { signal }).catch(() => {})
    }
  } finally {
    await Promise.all(sending)
  }
  if (failure !== undefined && !signal.aborted) throw failure
}

/** Its clock may have been begun anew. */
const sameRun = (one: LiveSplit, other: LiveSplit | null): boolean =>
  one.workflowId === other?.workflowId && one.clock.wallStart === other.clock.wallStart
