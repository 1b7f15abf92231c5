import type { EvaluationReport } from '../../../contracts/types.js'
import type { ProjectSegments } from '../../project.js'
import { weekdayOf } from '../counts/history.js'
import type { DemandInput } from '../features/demand-input.js'
import { type Answers, allRows, type Both, meanOver, wapeOf } from './answers.js'
import { type PeakThresholds, peakRows } from './peaks.js'

const PROMOTED = 'promoted'
const SCHOOL_HOLIDAYS = 'school holidays'
const WEEKEND = 'Friday to Sunday'
const atWeekend = (weekday: number): boolean => [0, 5, 6].includes(weekday)

/** Those that the input shows. Peak days are known only afterwards; levels are those of production's forecast. */
export const segments: ProjectSegments<DemandInput> = {
  names: [PROMOTED, WEEKEND],
  of: ({ promoted, day }) => [
    ...(promoted ? [PROMOTED] : []),
    ...(atWeekend(new Date(day).getUTCDay()) ? [WEEKEND] : []),
  ],
}

/** The held-out forecasts by what makes them hard; a row may be in several. */
export function rowsBySlice(both: Both, thresholds: PeakThresholds): [string, number[]][] {
  const rows = allRows(both)
  const usual = (row: number) => both.production.outputs[row]?.usual ?? 0
  const weekday = (row: number) => weekdayOf(both.history.first + (both.heldOut[row]?.target ?? 0))
  const promoted = (row: number) => {
    const example = both.heldOut[row]
    return example?.series.promoted[example.target] === 1
  }
  const inHolidays = (row: number) => {
    const example = both.heldOut[row]
    return example?.series.schoolHoliday?.[example.target] === 1
  }
  const slices: [string, number[]][] = [
    ['all', rows],
    ['peak days', peakRows(both, thresholds)],
    [PROMOTED, rows.filter(promoted)],
    [SCHOOL_HOLIDAYS, rows.filter(inHolidays)],
    ['under 1 line a day', rows.filter((row) => usual(row) < 1)],
    ['1 to 5 lines a day', rows.filter((row) => usual(row) >= 1 && usual(row) < 5)],
    ['5 lines a day and more', rows.filter((row) => usual(row) >= 5)],
    [WEEKEND, rows.filter((row) => atWeekend(weekday(row)))],
  ]
  return slices.filter(([, own]) => own.length > 0)
}

export function slicesOf(both: Both, thresholds: PeakThresholds): EvaluationReport['slices'] {
  const measure = (answers: Answers, rows: readonly number[]) => ({
    wape: finite(wapeOf(answers, both.labels, rows)),
    cost: meanOver(answers.losses, rows),
    underforecastCost: meanOver(answers.short, rows),
  })
  return rowsBySlice(both, thresholds).map(([name, rows]) => ({
    name,
    rows: rows.length,
    candidate: measure(both.candidate, rows),
    production: measure(both.production, rows),
  }))
}

/** WAPE divides by the lines sold, so it is undefined in a slice without sales. It is then reported as 0. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0)
