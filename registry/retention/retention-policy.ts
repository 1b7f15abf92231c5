import { durationMs } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import { retentionPolicy } from '../../contracts/schemas/index.js'
import type { PromotionPolicy, RetentionPolicy } from '../../contracts/types.js'

/** For projects without a retention policy: more than a year, so that a season can be compared with the last one. */
const DEFAULT_RETENTION: RetentionPolicy = {
  decisions: '400d',
  artifacts: { keepReleases: 10, keepFor: '180d' },
}

/** Milliseconds; infinity for `forever`. */
export const keptMs = (text: string): number => (text === 'forever' ? Number.POSITIVE_INFINITY : durationMs(text))

/**
 * The longest time that a release of this policy may need a decision: deadline with all extensions, probation, the
 * label horizon, and one more horizon for corrections.
 */
const longestNeedMs = ({ deadline, maxExtensions, extendBy, labelHorizon, probation }: PromotionPolicy): number =>
  durationMs(deadline) +
  maxExtensions * durationMs(extendBy) +
  durationMs(probation.lasts) +
  2 * durationMs(labelHorizon)

interface Declared {
  readonly name: string
  readonly policy: PromotionPolicy
  readonly retention?: unknown
}

/** @throws SlipwayError BadRequest naming project, field, value and remedy */
export function retentionOf({ name, policy, retention }: Declared): RetentionPolicy {
  const needed = Math.ceil(longestNeedMs(policy) / durationMs('1d'))
  if (retention === undefined) {
    const decisions =
      needed * durationMs('1d') > keptMs(DEFAULT_RETENTION.decisions) ? `${needed}d` : DEFAULT_RETENTION.decisions
    return { ...DEFAULT_RETENTION, decisions }
  }
  const parsed = retentionPolicy.safeParse(retention)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
    throw new SlipwayError('BadRequest', `retention of ${name} is malformed: ${problems.join('; ')}`)
  }
  const { decisions } = parsed.data
  if (keptMs(decisions) >= needed * durationMs('1d')) return parsed.data
  throw new SlipwayError(
    'BadRequest',
    `retention of ${name}: decisions is "${decisions}"; a release under its policy may need them for ${needed}d, so it must be at least that`,
  )
}
