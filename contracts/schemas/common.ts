import { z } from 'zod'
import { DAY_MS, DURATION_PATTERN, durationMs } from '../duration.js'
import { LONGEST_NAME, NAME_RULE } from '../limits.js'
import { INSTANT_RANGE, isRecordableInstant } from '../read-instant.js'

export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits')
export const projectName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40')
export const INSTANT_RULE = 'must be an instant with its offset, such as 2026-03-10T12:00:00Z'
export const instant = z.iso
  .datetime({ offset: true, error: INSTANT_RULE })
  .refine((text) => isRecordableInstant(Date.parse(text)), INSTANT_RANGE)
export const day = z.iso.date()
export const nonEmpty = z.string().trim().min(1, 'must not be empty')
/** The name of a person, or an id. */
export const name = nonEmpty.max(LONGEST_NAME, NAME_RULE)
export const count = z.int().min(0)
export const share = z.number().min(0).max(1)

/** A century: beyond, an instant could not be recorded. */
const LONGEST_MS = 36_500 * DAY_MS

export const duration = z
  .string()
  .regex(DURATION_PATTERN, 'must be a duration such as 5d, 12h or 30m')
  .refine((text) => !DURATION_PATTERN.test(text) || durationMs(text) > 0, 'must be longer than zero')
  .refine((text) => !DURATION_PATTERN.test(text) || durationMs(text) <= LONGEST_MS, 'must be at most 36500d')

/** `name/1` up to `name/last`. A file of a later version is refused with that reason. */
export const versioned = <Name extends string>(name: Name, last: 2) =>
  z.enum([`${name}/1`, `${name}/${last}`], {
    error: `must be ${name}/1 or ${name}/${last}; a later version needs a later build of Slipway`,
  })
