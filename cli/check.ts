/** Parsing at the edge: what a user typed becomes typed values here, or one line naming field, value and way out. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { SlipwayError } from '../contracts/failure.js'
import { promotionPolicy } from '../contracts/schemas/index.js'
import type { PromotionPolicy } from '../contracts/types.js'

/** @throws SlipwayError BadRequest: `policy: steps.0.weight is -5: must be …` for each problem */
export function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.')
    // Of a key too many, or of the whole, the value is everything around it and says nothing.
    const known = issue.code === 'unrecognized_keys' ? `; known: ${keysAt(schema, issue.path).join(', ')}` : ''
    if (known || path === '') return `${path === '' ? '' : `${path}: `}${issue.message}${known}`
    return `${path} is ${JSON.stringify(valueAt(value, issue.path))}: ${issue.message}`
  })
  throw new SlipwayError('BadRequest', `${what}: ${problems.join('; ')}`)
}

type Described = { properties?: Record<string, Described>; items?: Described }

/** What may stand at a place of a schema. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Described
  const there = path.reduce<Described | undefined>(
    (at, key) => (typeof key === 'number' ? at?.items : at?.properties?.[String(key)]),
    whole,
  )
  return Object.keys(there?.properties ?? {})
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value)

/** An instant a user typed: a date, or a date and time; UTC where no offset is given. */
export function parseTime(text: string, field: string): Date {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? `${text}T00:00:00Z`
    : text.replace(/^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?$/, '$1T$2$3Z')
  const time = new Date(full)
  const valid =
    /^\d{4}-\d{2}-\d{2}T/.test(full) && !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) >= '1970'
  if (!valid || (!/[+-]\d{2}:\d{2}$/.test(full) && time.toISOString().slice(0, 10) !== full.slice(0, 10))) {
    throw new SlipwayError(
      'BadRequest',
      `${field} "${text}" is not a time; write it as 2001-03-10 or 2001-03-10T12:00Z`,
    )
  }
  return time
}

/** An instant that data can be known as of. */
export function parseCutoff(text: string, field: string): Date {
  const cutoff = parseTime(text, field)
  if (cutoff.getTime() <= Date.now()) return cutoff
  throw new SlipwayError('BadRequest', `${field} ${cutoff.toISOString()} lies in the future; name an earlier instant`)
}

/** A policy file holds the fields to change; the rest is `base`, if there is one. Unknown keys are refused. */
export function readPolicy(file: string, base: PromotionPolicy | undefined): PromotionPolicy {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new SlipwayError('BadRequest', `policy file ${file} cannot be read; name an existing JSON file`)
  }
  let changes: unknown
  try {
    changes = JSON.parse(text)
  } catch (error) {
    throw new SlipwayError(
      'BadRequest',
      `policy file ${file} is not JSON: ${error instanceof Error ? error.message : error}`,
    )
  }
  return parseOrRefuse(promotionPolicy, merge(base, changes), `policy ${file}`)
}

function merge(base: unknown, changes: unknown): unknown {
  const plain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!plain(base) || !plain(changes)) return changes
  const merged = Object.entries(changes).map(([key, value]) => [key, merge(base[key], value)])
  return { ...base, ...Object.fromEntries(merged) }
}
