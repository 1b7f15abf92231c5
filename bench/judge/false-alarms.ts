/** A/A streams: the arms do not differ, so every claim is a false alarm. One look a day for a month. */
import { informationBy, policyOf, sequentialPlan } from './policies.js'
import { judged, naive, type Rule } from './rules.js'
import { drawStream, FLAT, RAMPED, type Schedule } from './stream.js'

const DAYS = 30
const TRAFFIC = 2_000

const RATES = [
  { name: '12 %', rate: () => 0.12 },
  { name: '8 → 20 %', rate: (day: number) => 0.08 + (0.12 * day) / (DAYS - 1) },
] as const

export interface FalseAlarms {
  readonly schedule: string
  readonly rate: string
  readonly runs: number
  /** Share of runs with a claim at any look, by rule. */
  readonly alarms: Readonly<Record<string, number>>
}

export const NAIVE = {
  anyDaily: 'any label, fixed daily',
  anySequence: 'any label, sequence',
  fixedDaily: 'mature, fixed daily',
  pooled: 'mature, arms pooled, sequence',
} as const
export const JUDGE = { sequence: 'judge: confidence sequence', plan: 'judge: group-sequential' } as const

function rulesFor(schedule: Schedule): Rule[] {
  const plan = sequentialPlan(informationBy(DAYS, TRAFFIC, schedule))
  return [
    naive(NAIVE.anyDaily, 'arrived', 'fixed', false),
    naive(NAIVE.anySequence, 'arrived', 'sequence', false),
    naive(NAIVE.fixedDaily, 'mature', 'fixed', true),
    naive(NAIVE.pooled, 'mature', 'sequence', false),
    judged(JUDGE.sequence, policyOf({})),
    judged(JUDGE.plan, policyOf(plan)),
  ]
}

export function falseAlarms({ runs, seed }: { runs: number; seed: number }): FalseAlarms[] {
  return [FLAT, RAMPED].flatMap((schedule) =>
    RATES.map(({ name, rate }) => {
      const rules = rulesFor(schedule)
      const alarms = new Map(rules.map((rule) => [rule.name, 0]))
      for (let run = 0; run < runs; run += 1) {
        const stream = drawStream({ traffic: TRAFFIC, rate, effect: 0, cost: 1 }, schedule, DAYS, { seed, run })
        for (const rule of rules) {
          const claims = rule.start()
          let today = 1
          while (today <= DAYS && !claims(stream, today)) today += 1
          if (today <= DAYS) alarms.set(rule.name, (alarms.get(rule.name) ?? 0) + 1)
        }
      }
      const shares = [...alarms].map(([rule, count]) => [rule, count / runs])
      return { schedule: schedule.name, rate: name, runs, alarms: Object.fromEntries(shares) as Record<string, number> }
    }),
  )
}
