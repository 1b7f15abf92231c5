/**
 * The gate `no_leakage`. It checks features by name, the time split, and behaviour: every count after the last known
 * day is changed, and a column that changes with it uses later counts, whatever its name.
 */
import type { GateResult } from '../../../contracts/types.js'
import { featureProblems } from '../../kit/feature-table.js'
import { dayText, type History } from '../counts/history.js'
import { FEATURES, MAY_BE_USED } from '../features/definitions.js'
import type { Example } from '../forecast-examples.js'

export interface LeakageRequest {
  readonly history: History
  readonly heldOut: readonly Example[]
  /** Day numbers. */
  readonly heldOutFrom: number
  readonly trainedUntil: number
  readonly names: readonly string[]
  /** The features as they are computed offline: rows × names.length. */
  readonly columnsOf: (history: History, examples: readonly Example[]) => Float64Array
}

export function leakageGate(request: LeakageRequest): GateResult {
  const { names, heldOutFrom, trainedUntil } = request
  const ahead = columnsThatLookAhead(request)
  const problems = [
    ...featureProblems(names, FEATURES, { usable: MAY_BE_USED, lateText: () => 'only after the forecast is made' }),
    ...ahead.map((name) => `${name} changes with counts of days after the last known one`),
    ...(trainedUntil > heldOutFrom
      ? [`trained on days up to ${dayText(trainedUntil - 1)}, but days from ${dayText(heldOutFrom)} are held out`]
      : []),
  ]
  const fine = `no feature known after the last known day, no time overlap; none of ${names.length} columns depends on later counts`
  return {
    name: 'no_leakage',
    passed: problems.length === 0,
    value: ahead.length,
    threshold: 0,
    detail: problems.join('; ') || fine,
  }
}

/** Forecasts of one target day share their last known day, so one changed history serves all of them. */
function columnsThatLookAhead({ history, heldOut, names, columnsOf }: LeakageRequest): string[] {
  const found = new Set<number>()
  const byTarget = new Map<number, Example[]>()
  for (const example of heldOut) {
    const same = byTarget.get(example.target)
    if (same) same.push(example)
    else byTarget.set(example.target, [example])
  }
  for (const [target, examples] of byTarget) {
    const known = target - (examples[0] as Example).ahead
    const changed = changedAfter(history, known)
    const series = new Map(changed.series.map((one) => [one.code, one]))
    const moved = examples.map((example) => ({ ...example, series: series.get(example.series.code) ?? example.series }))
    const before = columnsOf(history, examples)
    const after = columnsOf(changed, moved)
    before.forEach((value, index) => {
      if (!Object.is(value, after[index])) found.add(index % names.length)
    })
  }
  return [...found].sort((a, b) => a - b).map((column) => names[column] as string)
}

/** Promotions and opening days are plans and stay the same. */
function changedAfter(history: History, known: number): History {
  return {
    ...history,
    series: history.series.map((series) => {
      const counts = series.counts.slice()
      for (let index = known + 1; index < counts.length; index += 1) counts[index] = 3 * (counts[index] as number) + 11
      return { ...series, counts }
    }),
  }
}
