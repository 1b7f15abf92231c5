/**
 * Instants that people read, in the zone of this machine or of `TZ`, which is named beside them. Days of evidence and
 * cutoffs are event time and stay in UTC; `--json` has every instant in UTC.
 */

/** Such as `Europe/Berlin`: a name with summer time in it, so that it is right for every row of a table. */
export const zoneName = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-11-29 19:43`. @param instant ISO 8601 or epoch ms */
export function minuteOf(instant: string | number): string {
  const at = new Date(instant)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** `19:43:07`. @param instant ISO 8601 or epoch ms */
export function secondOf(instant: string | number): string {
  const at = new Date(instant)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
}
