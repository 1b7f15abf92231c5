/** The segments of one decision. Pure: computed once, from the input it was made on, and stored with it. */
import { UNKNOWN_SEGMENT } from '../contracts/segments.js'
import type { SegmentsPolicy } from '../contracts/types.js'

type Segment = SegmentsPolicy['of'][number]
type Condition = NonNullable<Segment['where']>[number]

/**
 * @param named a project's function: the segments of an input, by name. One that throws makes the decision `unknown`,
 * and neither the request nor the look fails.
 * @returns names in the order of the policy; undefined for a policy without segments
 */
export function segmentsOfInput<Input>(
  policy: SegmentsPolicy | undefined,
  input: Input,
  named: ((input: Input) => readonly string[]) | undefined,
): string[] | undefined {
  if (!policy || policy.of.length === 0) return undefined
  const stated = policy.of.some(({ where }) => where === undefined) ? namesOr(named, input) : []
  const belongs = ({ name, where }: Segment) =>
    where ? where.every((condition) => holds(condition, input)) : stated?.includes(name)
  const names = policy.of.filter(belongs).map(({ name }) => name)
  return stated ? names : [...names, UNKNOWN_SEGMENT]
}

/** Undefined where the function fails. */
function namesOr<Input>(named: ((input: Input) => readonly string[]) | undefined, input: Input) {
  try {
    const names = named?.(input)
    return Array.isArray(names) ? names : undefined
  } catch {
    return undefined
  }
}

function holds({ field, in: values, atLeast, below }: Condition, input: unknown): boolean {
  const value = valueAt(input, field.split('.'))
  if (values) return values.some((one) => one === value)
  if (typeof value !== 'number') return false
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value < (below ?? Number.POSITIVE_INFINITY)
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path
  if (first === undefined) return value
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return undefined
  return valueAt((value as Readonly<Record<string, unknown>>)[first], rest)
}
