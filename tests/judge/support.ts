/** Evidence by hand. By default an arm has 1,000 labelled decisions a day, of which 300 cost 1. */
import type { Cohort, Evidence } from '../../contracts/types.js'

export const cohort = (over: Partial<Cohort> = {}): Cohort => ({
  day: '2001-01-21',
  arm: 'canary',
  exposed: 1_000,
  mature: true,
  labelled: 1_000,
  lossSum: 300,
  lossSumSquares: 300,
  beyondBound: 0,
  estimated: 0,
  expectedLossSum: 0,
  expectedLossSumSquares: 0,
  expectedShare: 5_000,
  ...over,
})

export const pair = (day: string, canary: Partial<Cohort>, production: Partial<Cohort> = {}): Cohort[] => [
  cohort({ day, ...canary }),
  cohort({ day, arm: 'production', ...production }),
]

/** As many of the exposed cost 1, all labelled. */
export const costly = (exposed: number, share: number, over: Partial<Cohort> = {}): Partial<Cohort> => {
  const lossSum = Math.round(exposed * share)
  return { exposed, labelled: exposed, lossSum, lossSumSquares: lossSum, ...over }
}

export const evidence = (cohorts: readonly Cohort[], over: Partial<Evidence> = {}): Evidence => ({
  schema: 'slipway.evidence/1',
  project: 'toy',
  asOf: '2001-01-25T00:00:00.000Z',
  arms: { challenger: 'canary', reference: 'production' },
  cohorts: [...cohorts],
  breaches: [],
  looks: [],
  ...over,
})

export const DEADLINE = '2001-02-10T00:00:00.000Z'
export const DAYS = ['2001-01-21', '2001-01-22', '2001-01-23'] as const
export const onDays = (canary: Partial<Cohort>, production: Partial<Cohort> = {}): Cohort[] =>
  DAYS.flatMap((day) => pair(day, canary, production))
