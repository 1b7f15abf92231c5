/**
 * Thresholds of the offline gates: declared once with their defaults, then read by name from a release's gate policy.
 */
import { SlipwayError } from '../../contracts/failure.js'
import type { GatePolicy } from '../../contracts/types.js'

export type Thresholds<Name extends string> = Readonly<Record<Name, number>>

/**
 * @param defaults what the project's gate policy states; every release carries all of them in its manifest
 * @param replaced thresholds of earlier builds, each with the name that replaced it: a manifest that has the old one
 * has no value for the new one, which then has its default
 * @returns a reader; it throws SlipwayError BadRequest where a threshold is missing or unknown, since a misspelt name
 * would otherwise silently mean the default
 */
export function thresholdReader<Name extends string>(
  project: string,
  defaults: Thresholds<Name>,
  replaced: Readonly<Record<string, NoInfer<Name>>> = {},
): (gates: GatePolicy) => Thresholds<Name> {
  const names = Object.keys(defaults) as Name[]
  return ({ version, thresholds }) => {
    const old = Object.keys(thresholds).filter((name) => Object.hasOwn(replaced, name))
    const stated = new Set([...Object.keys(thresholds), ...old.map((name) => replaced[name] as string)])
    const unknown = Object.keys(thresholds).filter((name) => !Object.hasOwn(defaults, name) && !old.includes(name))
    const missing = names.filter((name) => !stated.has(name))
    if (unknown.length === 0 && missing.length === 0) {
      return Object.fromEntries(names.map((name) => [name, thresholds[name] ?? defaults[name]])) as Thresholds<Name>
    }
    const problems = [
      ...unknown.map((name) => `threshold "${name}" is unknown`),
      ...missing.map((name) => `threshold "${name}" is missing`),
    ]
    throw new SlipwayError(
      'BadRequest',
      `gates ${version} of ${project}: ${problems.join('; ')} (thresholds are ${names.join(', ')}); correct the project's gate policy and start a new release`,
    )
  }
}

/**
 * One threshold, where a shared gate needs it. @throws SlipwayError BadRequest when the gate policy does not state it
 */
export function requiredThreshold({ version, thresholds }: GatePolicy, name: string): number {
  const value = thresholds[name]
  if (value !== undefined) return value
  const known = Object.keys(thresholds).join(', ') || 'none'
  throw new SlipwayError(
    'BadRequest',
    `gates ${version}: threshold "${name}" is missing (stated are ${known}); add it to the project's gate policy and start a new release`,
  )
}
