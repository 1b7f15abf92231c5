import { durationMs, utcDay } from '../../contracts/duration.js'
import type { ConditionRecord, Suppression } from '../../contracts/ledger/index.js'
import type { ConditionPolicy, ConditionsPolicy } from '../../contracts/types.js'
import type { Registry, ReleaseRunSummary } from '../../registry/index.js'
import { releaseOf } from './condition-records.js'

/** A release whose start is decided, but which its workflow has not recorded yet, counts as under way for this long. */
const STARTING_MS = 600_000

const isRecent = ({ at: since }: ConditionRecord, at: number): boolean => Date.parse(since) > at - STARTING_MS

/** Runs that may be under way at `at`, and the run of `release`, whenever it was. */
export async function underWay(
  { runs }: Pick<Registry, 'runs'>,
  project: string,
  records: readonly ConditionRecord[],
  { at, release }: { at: number; release: string },
): Promise<ReleaseRunSummary[]> {
  const begun = records.flatMap((record) => (record.release !== null && isRecent(record, at) ? record.release : []))
  const [open, known] = await Promise.all([
    runs.list(project, { open: true }),
    runs.list(project, { workflowIds: [release, ...begun] }),
  ])
  return [...open, ...known]
}

export interface Surroundings {
  /** Open runs, those whose start is recorded shortly before, and the run that the condition would start. */
  readonly runs: readonly ReleaseRunSummary[]
  /** Records of all conditions of the project, within the cool-down and the day. */
  readonly records: readonly ConditionRecord[]
}

/**
 * Why a condition that holds at `at` (epoch ms) must not start a release; null if it may. Pure. An open release of the
 * project that is not promoted yet already answers the condition: a second one would only queue behind it with nearly
 * the same data. During a probation production is a new release, so the condition is about that one.
 */
export function suppressionOf(
  fired: Pick<ConditionRecord, 'condition' | 'window'> & { readonly project: string },
  { coolDown }: ConditionPolicy,
  { perDay }: ConditionsPolicy,
  { runs, records }: Surroundings,
  at: number,
): { by: Suppression; says: string } | null {
  const started = records.filter(({ outcome }) => outcome === 'started')
  const mine = started.filter(({ condition }) => condition === fired.condition)
  const release = releaseOf(fired.project, fired)
  // Its record may be older than those that were read; its run is not forgotten.
  if (mine.some((one) => one.release === release) || runs.some(({ workflowId }) => workflowId === release))
    return { by: 'cool_down', says: `${release} was started by the same condition on the same window` }
  // A start later than `at` counts too: a check that is run late must not start an older release after it.
  const recent = mine.findLast((record) => Date.parse(record.at) > at - durationMs(coolDown))
  if (recent)
    return { by: 'cool_down', says: `${recent.release} was started at ${recent.at}; the cool-down is ${coolDown}` }
  const open = runs.find(({ verdict, stage }) => verdict === null && stage !== 'probation')
  if (open) return { by: 'release_under_way', says: `${open.workflowId} is in ${open.stage}` }
  const known = new Set(runs.map(({ workflowId }) => workflowId))
  const starting = started.find(
    (record) => record.release !== null && !known.has(record.release) && isRecent(record, at),
  )
  if (starting) return { by: 'release_under_way', says: `${starting.release} is being started` }
  const today = started.filter((record) => utcDay(Date.parse(record.at)) === utcDay(at)).length
  if (today >= perDay)
    return { by: 'ceiling', says: `conditions started ${today} of at most ${perDay} releases on ${utcDay(at)}` }
  return null
}
