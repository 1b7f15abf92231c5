import type { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'

/**
 * Reads a training's parameters by a strict schema: an unknown name is an error, since a misspelt one would be ignored.
 * @returns a reader; it throws SlipwayError BadRequest naming each wrong parameter, its value and the known names
 */
export function parameterReader<Schema extends z.ZodObject>(project: string, schema: Schema) {
  return (given: Readonly<Record<string, unknown>>): z.infer<Schema> => {
    const parsed = schema.safeParse(given)
    if (parsed.success) return parsed.data
    const problems = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.')
      return name === '' ? issue.message : `${name} is ${JSON.stringify(given[name])}: ${issue.message}`
    })
    const known = Object.keys(schema.shape).join(', ')
    throw new SlipwayError(
      'BadRequest',
      `parameters of ${project}: ${problems.join('; ')} (known parameters: ${known})`,
    )
  }
}
