/**
 * Parsing at the edge: a user's value becomes a typed value, or an error that names field, value and what is allowed.
 */
import { z } from 'zod'
import { SlipwayError } from './failure.js'
import { shownValue, valueAt } from './issue-text.js'

/**
 * @param besides keys that may stand beside those of the schema and were read before, for the message
 * @throws SlipwayError BadRequest: `policy: steps.0.weight is -5: must be …` for each problem
 */
export function parseOrRefuse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
  besides: readonly string[] = [],
): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.')
    // For an unknown key, or for the whole, the value would be everything around it, which does not help.
    const keys = () => [...keysAt(schema, issue.path), ...(path === '' ? besides : [])]
    const known = issue.code === 'unrecognized_keys' ? `; known: ${keys().join(', ')}` : ''
    if (known || path === '') return `${path === '' ? '' : `${path}: `}${issue.message}${known}`
    return `${path} is ${shownValue(valueAt(value, issue.path))}: ${issue.message}`
  })
  throw new SlipwayError('BadRequest', `${what}: ${firstOf(problems)}`)
}

/** A file of ten thousand days may have the same problem in each. */
const MOST_PROBLEMS = 20

const firstOf = (problems: readonly string[]): string =>
  problems.length <= MOST_PROBLEMS
    ? problems.join('; ')
    : `${problems.slice(0, MOST_PROBLEMS).join('; ')}; and ${problems.length - MOST_PROBLEMS} more problems`

type Described = { properties?: Record<string, Described>; items?: Described }

/** The keys that are allowed at a path of a schema. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Described
  const there = path.reduce<Described | undefined>(
    (at, key) => (typeof key === 'number' ? at?.items : at?.properties?.[String(key)]),
    whole,
  )
  return Object.keys(there?.properties ?? {})
}
