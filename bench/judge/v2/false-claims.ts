import { createRandom } from '../../../judge/simulation/random.js'
import { createStream } from '../../../judge/simulation/stream/stream.js'
import type { StreamDay } from '../../../judge/simulation/stream/sums.js'
import { informationBy } from '../policies.js'
import { FLAT, RAMPED, type Schedule } from '../stream.js'
import { claimOf } from './claims.js'
import { CLIP, METHODS, type Method, policy2 } from './methods.js'
import { DAYS, ROWS, type Row, TRAFFIC } from './worlds.js'

export interface FalseClaims {
  readonly row: string
  readonly schedule: string
  readonly method: Method
  readonly runs: number
  readonly promoted: number
  readonly rolledBack: number
  /** Runs that ended with days that disagree. */
  readonly disagreed: number
  /** What the row's limit applies to. */
  readonly counted: number
  readonly limit: number
}

/** @param part of `parts`: every parts-th row, beginning with this one */
export const falseClaims = (size: Size, part = 0, parts = 1): FalseClaims[] =>
  ROWS.filter((_, index) => index % parts === part).flatMap((row) =>
    [FLAT, RAMPED].flatMap((schedule) => claimsOf(row, schedule, size)),
  )

interface Size {
  readonly runs: number
  readonly seed: number
}

export function claimsOf(row: Row, schedule: Schedule, { runs, seed }: Size): FalseClaims[] {
  const information = informationBy(DAYS, TRAFFIC, schedule)
  const across = row.acrossDays ? { judge: { acrossDays: row.acrossDays } } : {}
  const rules = METHODS.map((method) => ({
    method,
    policy: policy2({ method, information, highest: row.highest, ...across }),
    promoted: 0,
    rolledBack: 0,
    disagreed: 0,
  }))
  for (let run = 0; run < runs; run += 1) {
    const days = draw(row, schedule, seed, run)
    const clipped = row.highest === null ? draw(row, schedule, seed, run, CLIP) : days
    for (const rule of rules) {
      const { action, reason } = claimOf(rule.policy, rule.method === 'bounded' ? clipped : days)
      if (action === 'promote') rule.promoted += 1
      if (action === 'rollback') rule.rolledBack += 1
      if (action === null && reason === 'days_disagree') rule.disagreed += 1
    }
  }
  return rules.map(({ method, promoted, rolledBack, disagreed }) => ({
    row: row.name,
    schedule: schedule.name,
    method,
    runs,
    promoted: promoted / runs,
    rolledBack: rolledBack / runs,
    disagreed: disagreed / runs,
    counted: (row.counts === 'all' ? promoted + rolledBack : promoted) / runs,
    limit: row.limit,
  }))
}

/** The same seed and run give the same stream to every method. */
function draw({ world }: Row, schedule: Schedule, seed: number, run: number, clip?: number): StreamDay[] {
  const stream = createStream(clip === undefined ? world : { ...world, clip }, createRandom(seed, run))
  return Array.from({ length: DAYS }, (_, day) => stream.next(schedule.weight(day)))
}
