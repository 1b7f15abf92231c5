import type { ActionPolicy } from '../../contracts/types.js'

/**
 * A number of an action policy, e.g. its threshold or a cost.
 * @throws RangeError when the policy has no number of that name: a missing cost must not count as 0
 */
export function policyNumber({ parameters, version }: ActionPolicy, name: string): number {
  const value = parameters[name]
  if (typeof value === 'number') return value
  throw new RangeError(
    `action policy ${version} has no number named "${name}"; it has ${Object.keys(parameters).join(', ')}`,
  )
}
