import { percent } from '../expectations.js'
import { table } from '../tables.js'
import type { Results2 } from './expectations.js'
import { METHODS } from './methods.js'
import { type Saving, SHADOW_DAYS } from './paired/savings.js'

export function tablesOf2({ falseClaims, power, sampleRatio, pairedClaims, savings, segments }: Results2): string {
  const columns = [...new Set(falseClaims.map(({ schedule }) => schedule))].flatMap((schedule) =>
    METHODS.map((method) => ({ schedule, method })),
  )
  const cell = (row: string, { schedule, method }: (typeof columns)[number]) => {
    const found = falseClaims.find((one) => one.row === row && one.schedule === schedule && one.method === method)
    return found ? [found.promoted, found.rolledBack].map((share) => (100 * share).toFixed(1)).join(' + ') : '–'
  }
  const rows = [...new Set(falseClaims.map(({ row }) => row))]
  return [
    `Judge 2, A/A: promotions + rollbacks in %, ${falseClaims[0]?.runs} streams each, 1,000 decisions a day, one look a day for 30 days`,
    table(
      ['stream', ...columns.map(({ schedule, method }) => `${schedule}\n${method}`)],
      rows.map((row) => [row, ...columns.map((column) => cell(row, column))]),
    ),
    'Sample-ratio mismatches at a level of .1 %, ramp, 22 days, right split',
    table(
      ['decisions an entity in 30 days', 'judge 1, last look alone', 'judge 2, all looks'],
      sampleRatio.map(({ visits, judge1, judge2 }) => [visits, percent(judge1), percent(judge2)]),
    ),
    `20 segments, 2,000 decisions a day, one look a day for 30 days; harm: the fourth largest segment, a thirteenth of the decisions, loses twice as much`,
    table(
      ['stream', 'schedule', 'runs', 'harm', 'false alarms', 'harm found', 'median days'],
      segments.map(({ row, schedule, runs, harm, falseAlarms, found, days }) => [
        row,
        schedule,
        runs,
        harm ? 'one' : 'none',
        percent(falseAlarms),
        harm ? percent(found) : '–',
        days ?? '–',
      ]),
    ),
    `Releases that begin in a judged shadow, A/A: ${pairedClaims[0]?.runs} each, a week of shadow and three of canary`,
    table(
      ['differences', 'method', 'promoted', 'rolled back', 'by the shadow'],
      pairedClaims.map(({ row, method, promoted, rolledBack, byShadow }) => [
        row,
        method,
        ...[promoted, rolledBack, byShadow].map(percent),
      ]),
    ),
    `What a judged shadow of ${SHADOW_DAYS} days saves: ${savings[0]?.runs} releases each`,
    table(
      ['candidate', 'other losses', 'begins as', 'promoted', 'rolled back', 'median days', 'days saved'],
      savings.map((one) => [
        one.candidate,
        percent(one.differing),
        one.begins,
        ...[one.promoted, one.rolledBack].map(percent),
        one.days,
        savedBy(one, savings),
      ]),
    ),
    `Both judges, the same candidates: ${power[0]?.rates.runs} canaries each`,
    table(
      ['loss', 'judge', 'method', 'days', 'promoted', 'rolled back', 'held', 'median days'],
      power.map(({ effect, judge, method, acrossDays, rates }) => [
        percent(effect),
        judge,
        method,
        acrossDays,
        ...[rates.promoted, rates.rolledBack, rates.held].map(percent),
        rates.days.median,
      ]),
    ),
  ].join('\n\n')
}

/** Of the median, beside a canary alone and beside a shadow that is not judged. */
function savedBy({ candidate, differing, begins, days }: Saving, all: readonly Saving[]): string {
  if (begins !== 'judged shadow') return '–'
  const saved = (other: Saving['begins']) =>
    (all.find((one) => one.candidate === candidate && one.differing === differing && one.begins === other)?.days ??
      Number.NaN) - days
  return `${saved('canary')} of a canary alone, ${saved('shadow')} of a shadow`
}
