/** The result of measuring one condition. */
export interface Measured {
  readonly holds: 'yes' | 'no' | 'cannot_say'
  /** One sentence for people, with the numbers that decided. */
  readonly says: string
  readonly numbers: Readonly<Record<string, number>>
  /** ISO event time of the data that was measured. The day of its end is part of the trigger id. */
  readonly window: { readonly from: string; readonly to: string }
}

export const iso = (epochMs: number): string => new Date(epochMs).toISOString()

/** Rounded for text; numbers are recorded in full. */
export const short = (value: number): string => String(Math.round(value * 10_000) / 10_000)
