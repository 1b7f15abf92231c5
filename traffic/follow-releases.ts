/**
 * Sends traffic for releases that are judged on live traffic: waits for one, sends until its verdict, waits for the
 * next.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReleaseClock } from '../contracts/clock.js'
import { type EvidenceSource, isLive } from '../contracts/evidence-source.js'
import { SlipwayError } from '../contracts/failure.js'
import type { Project } from '../projects/project.js'
import type { TrafficCounts } from './messages.js'
import { openOutbox } from './outbox.js'
import { sendTraffic, type TrafficOptions, unreachable } from './send.js'

/** A release that is judged on live traffic, from the service's answer. */
export interface LiveSplit {
  readonly workflowId: string
  readonly evidence: EvidenceSource
  readonly clock: ReleaseClock
}

interface Service {
  readonly url: string
  readonly token?: string | undefined
}

const POLL_MS = 500

/** @throws SlipwayError Unavailable when the service does not answer, BadRequest when it refuses */
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
      `${url} requires a token: set SLIPWAY_TOKEN to one that may decide, label and read (slipway token)`,
    )
  if (!response.ok) throw new SlipwayError('BadRequest', `${url}: ${response.status} ${await response.text()}`)
  const { split } = (await response.json()) as { split: LiveSplit | null }
  return split && isLive(split) ? split : null
}

export type FollowOptions = Pick<TrafficOptions, 'url' | 'token' | 'source' | 'perDay' | 'signal' | 'onDay'> & {
  /** The folder for outcomes that are still to be delivered. */
  readonly folder: string
  readonly onRun?: (split: LiveSplit) => void
  readonly onEnd?: (split: LiveSplit, counts: TrafficCounts) => void
}

/**
 * Resolves when the signal aborts.
 * @throws the error with which the traffic of a release failed
 */
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
      // An unavailable service may return, so this is not an error here.
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

/** The same workflow with a new clock is a new run of it. */
const sameRun = (one: LiveSplit, other: LiveSplit | null): boolean =>
  one.workflowId === other?.workflowId && one.clock.wallStart === other.clock.wallStart
