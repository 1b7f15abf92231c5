/**
 * What one project's quality run reports: numbers measured with its own import, training and scoring, beside others' on
 * the same data.
 */
export interface Yardstick {
  readonly project: string
  /** Data, period and measure in words. */
  readonly what: string
  readonly measured: number
  /** Published results on the same split, with their origin; absent if there are none. */
  readonly others?: string
  /** The bound `measured` must keep; absent where the figure is only reported. */
  readonly wanted?: { readonly atLeast: number } | { readonly atMost: number }
  readonly digits?: number
  /** Wall seconds of the work behind it. */
  readonly seconds?: number
}

/** A file beside this one exports it as `measure`; figures come as they are found. */
export type MeasureQuality = (options: { testData: string }) => AsyncIterable<Yardstick>

export function isMet({ measured, wanted }: Yardstick): boolean {
  if (!wanted) return true
  // Written so that NaN is never good enough.
  return 'atLeast' in wanted ? measured >= wanted.atLeast : measured <= wanted.atMost
}
