/**
 * Whether a canary can have the mature decisions that its policy asks for, with the traffic seen: said before anything
 * is trained. A bound from above, so that a release is refused only where no luck could help.
 */
import { DAY_MS, durationMs, utcDay } from '../contracts/duration.js'
import { exposureEnds } from '../contracts/exposure.js'
import { SlipwayError } from '../contracts/failure.js'
import { ANSWERING_ARMS } from '../contracts/names.js'
import type { PromotionPolicy } from '../contracts/types.js'
import type { Project } from '../projects/project.js'
import type { Registry } from '../registry/index.js'

/** All of a day's traffic, in basis points. */
const A_DAY = 10_000

/** The busiest day, of those looked at. */
export interface TrafficSeen {
  readonly day: string
  readonly decisions: number
}

/**
 * Traffic of the arm that has less by the deadline, in 1/10,000 of a day's, if every step takes its least duration and
 * every label arrives.
 */
function leastTraffic(policy: PromotionPolicy): number {
  const last = durationMs(policy.deadline) - durationMs(policy.labelHorizon)
  const ends = exposureEnds(policy, 0)
  let [step, began] = [0, 0]
  const traffic = { canary: 0, production: 0 }
  for (let day = 0; day + DAY_MS <= last && day < ends; day += DAY_MS) {
    const weight = policy.steps[step]?.weight ?? 0
    traffic.canary += weight
    traffic.production += A_DAY - weight
    const over = day + DAY_MS - began >= durationMs(policy.steps[step]?.atLeast ?? '0s')
    if (!over || step >= policy.steps.length - 1) continue
    step += 1
    began = day + DAY_MS
  }
  return Math.min(traffic.canary, traffic.production)
}

/** Decisions a day that `judge.minMature` needs in the arm that has fewer. */
export const neededPerDay = (policy: PromotionPolicy): number =>
  Math.ceil((policy.judge.minMature * A_DAY) / leastTraffic(policy))

const LIVE_DAYS = 14
const REPLAYED_DAYS = 7

/** Null without a whole day of traffic: the first and the present day are not whole. @param now epoch ms */
export async function liveTrafficSeen(
  { evidence }: Pick<Registry, 'evidence'>,
  project: string,
  now: number,
): Promise<TrafficSeen | null> {
  const from = now - LIVE_DAYS * DAY_MS
  const cohorts = await evidence.cohorts({
    project,
    source: 'live',
    arms: ANSWERING_ARMS,
    from,
    asOf: now,
    labelHorizonMs: 0,
  })
  const counts = new Map<string, number>()
  for (const { day, exposed } of cohorts) counts.set(day, (counts.get(day) ?? 0) + exposed)
  const whole = [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).slice(1)
  return busiest(whole.filter(([day]) => day < utcDay(now)))
}

/** Null if the data has no day after the cutoff. Reads no further than a day that is busy enough. */
export async function replayedTrafficSeen(
  project: Pick<Project, 'replay'>,
  { cutoff, source }: { readonly cutoff: string; readonly source?: string | undefined },
  needed: number,
): Promise<TrafficSeen | null> {
  const from = Math.ceil(Date.parse(cutoff) / DAY_MS) * DAY_MS
  const range = { from, to: from + REPLAYED_DAYS * DAY_MS, ...(source === undefined ? {} : { source }) }
  const counts = new Map<string, number>()
  for await (const { at } of project.replay(range)) {
    const day = utcDay(at)
    const count = (counts.get(day) ?? 0) + 1
    counts.set(day, count)
    if (count >= needed) break
  }
  return busiest([...counts])
}

const busiest = (days: readonly (readonly [day: string, decisions: number])[]): TrafficSeen | null =>
  days.reduce<TrafficSeen | null>(
    (most, [day, decisions]) => (most === null || decisions > most.decisions ? { day, decisions } : most),
    null,
  )

/** @throws SlipwayError BadRequest when `minMature` cannot be reached by the deadline; null says nothing */
export function requireReachableLabels(policy: PromotionPolicy, seen: TrafficSeen | null): void {
  const needed = neededPerDay(policy)
  if (seen === null || seen.decisions >= needed) return
  const most = Math.floor((seen.decisions * leastTraffic(policy)) / A_DAY)
  throw new SlipwayError(
    'BadRequest',
    `policy: judge.minMature is ${policy.judge.minMature}: with ${seen.decisions} decisions a day, as on ${seen.day}, an arm of its canary has at most ${most} mature ones by the deadline of ${policy.deadline}; it would be held. Lower minMature, widen the steps or move the deadline (slipway judge plan proposes a policy), or ask for it all the same: --allow-undecided, over HTTP "allowUndecided": true`,
  )
}
