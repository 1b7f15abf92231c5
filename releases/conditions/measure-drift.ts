import { durationMs } from '../../contracts/duration.js'
import type { ConditionPolicy } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'
import { iso, type Measured, short } from './condition-measured.js'
import { stabilityIndex } from './stability-index.js'

type Drift = Extract<ConditionPolicy, { condition: 'drift' }>

/** Decisions read of one window: a sample by the hash of their ids. With this many the index is accurate to 0.005. */
const MOST_READ = 10_000

/** The newest `window` of decisions against the first `reference` since the present production became production. */
export async function measureDrift(
  registry: Registry,
  project: string,
  { features, threshold, window, reference, minDecisions }: Drift,
  at: number,
): Promise<Measured> {
  const [newest] = await registry.aliases.newest(project, { most: 1, alias: 'production' })
  const since = Date.parse(newest?.at ?? iso(at))
  const [from, referenceEnd] = [at - durationMs(window), since + durationMs(reference)]
  const watched = { from: iso(from), to: iso(at) }
  const cannotSay = (says: string, numbers: Measured['numbers'] = {}): Measured => ({
    holds: 'cannot_say',
    says,
    numbers,
    window: watched,
  })
  if (from < referenceEnd)
    return cannotSay(
      `the reference is production's first ${reference}, until ${iso(referenceEnd)}; the ${window} after it have not passed yet`,
    )
  const paths = features.map((feature) => feature.split('.'))
  const before = await registry.evidence.recordedValues({
    project,
    from: since,
    to: referenceEnd,
    paths,
    most: MOST_READ,
  })
  const now = await registry.evidence.recordedValues({ project, from, to: at, paths, most: MOST_READ })
  const counts = { decisions: now.decisions, referenceDecisions: before.decisions }
  if (Math.min(now.decisions, before.decisions) < minDecisions)
    return cannotSay(
      `${now.decisions} decisions, ${before.decisions} in the reference; ${minDecisions} are needed in each`,
      counts,
    )
  const column = (rows: readonly (readonly unknown[])[], index: number) => rows.map((row) => row[index])
  const indices = features.map((feature, index) => ({
    feature,
    value: stabilityIndex(column(before.rows, index), column(now.rows, index)),
  }))
  const [worst] = [...indices].sort((a, b) => b.value - a.value)
  const largest = worst?.value ?? 0
  return {
    holds: largest > threshold ? 'yes' : 'no',
    says: `stability index ${short(largest)} of ${worst?.feature}, bound ${threshold}; ${now.decisions} decisions against ${before.decisions}`,
    numbers: { ...Object.fromEntries(indices.map(({ feature, value }) => [feature, value])), threshold, ...counts },
    window: watched,
  }
}
