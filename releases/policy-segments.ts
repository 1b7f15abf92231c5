import { SlipwayError } from '../contracts/failure.js'
import { MOST_SEGMENTS } from '../contracts/segments.js'
import type { PromotionPolicy } from '../contracts/types.js'
import type { Project } from '../projects/project.js'

/**
 * A policy of version 2 that says nothing about segments has those of the project, so that what is critical offline is
 * watched live too.
 * @throws SlipwayError BadRequest for a segment that neither the policy nor the project defines
 */
export function withSegments(
  { name: project, segments: ofProject }: Pick<Project, 'name' | 'segments'>,
  policy: PromotionPolicy,
): PromotionPolicy {
  const names = ofProject?.names ?? []
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined)
    throw new SlipwayError('BadRequest', `project ${project}: segments.names has "${twice}" twice`)
  if (policy.segments === undefined) {
    if (policy.schema === 'slipway.policy/1' || names.length === 0) return policy
    if (names.length > MOST_SEGMENTS)
      throw new SlipwayError(
        'BadRequest',
        `project ${project}: segments.names has ${names.length} names, and at most ${MOST_SEGMENTS} are possible`,
      )
    return { ...policy, segments: { onHarm: 'hold', of: names.map((name) => ({ name })) } }
  }
  for (const { name, where } of policy.segments.of) {
    if (where || names.includes(name)) continue
    const known = names.length === 0 ? `project ${project} has none` : `project ${project} has ${names.join(', ')}`
    throw new SlipwayError('BadRequest', `policy: segment "${name}" has no "where", and ${known}; add "where"`)
  }
  return policy
}
