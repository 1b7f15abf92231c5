/** What a look at one condition found. */
export interface Measured {
  readonly holds: 'yes' | 'no' | 'cannot_say'
  /** Plain words with the numbers that decided. */
  readonly says: string
  readonly numbers: Readonly<Record<string, number>>
  /** ISO event time: what was looked at. Its end's day makes the trigger id. */
  readonly window: { readonly from: string; readonly to: string }
}

export const iso = (epochMs: number): string => new Date(epochMs).toISOString()

/** For words; numbers are recorded whole. */
export const short = (value: number): string => String(Math.round(value * 10_000) / 10_000)
