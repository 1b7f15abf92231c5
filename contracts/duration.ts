/** Durations as policies state them: `90s`, `30m`, `12h`, `5d`, `2w`; in milliseconds in the code. */

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(s|m|h|d|w)$/

/** Milliseconds of a duration. Throws a RangeError that names the value when it is malformed. */
export function durationMs(text: string): number {
  const match = DURATION_PATTERN.exec(text)
  if (!match) throw new RangeError(`"${text}" is not a duration; write a number and one of s, m, h, d, w, as in 5d`)
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
}

export const DAY_MS = UNIT_MS.d

/** The last day that was asked for: millions of rows come in order of time, and formatting is slow. */
let formatted = { day: Number.NaN, text: '' }

/** The UTC day of an instant, `2001-03-15`: cohorts are keyed by it. */
export function utcDay(epochMs: number): string {
  const day = Math.floor(Math.trunc(epochMs) / DAY_MS)
  if (day !== formatted.day) formatted = { day, text: new Date(epochMs).toISOString().slice(0, 10) }
  return formatted.text
}

/** A span as text for people: `3 days`, `2.5 hours`. */
export function spanInWords(ms: number): string {
  for (const [unit, size] of [
    ['day', UNIT_MS.d],
    ['hour', UNIT_MS.h],
    ['minute', UNIT_MS.m],
    ['second', UNIT_MS.s],
  ] as const) {
    if (ms >= size) {
      const amount = Math.round((ms / size) * 10) / 10
      return `${amount} ${unit}${amount === 1 ? '' : 's'}`
    }
  }
  return 'under a second'
}
