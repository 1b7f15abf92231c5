import type { PromotionPolicy } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'
import { percent } from '../parts.js'
import type { Consequence } from './consequence.js'
import type { StartChoices } from './start-choices.js'

interface Facts {
  readonly choices: StartChoices
  /** Why this service can start no release; null when it can. */
  readonly not: string | null
}

export async function startConsequence(
  registry: Pick<Registry, 'aliases' | 'lane'>,
  project: string,
  { choices, not }: Facts,
): Promise<Consequence> {
  const [{ production }, { holder, queue }] = await Promise.all([
    registry.aliases.current(project),
    registry.lane.current(project),
  ])
  const key = JSON.stringify(['start', production, holder, queue.length, choices.policies])
  const own = choices.policies[0]?.policy
  const last =
    own?.promotionApproval === 'other_person' ? 'after the approval of another person' : 'without another question'
  const lane = holder === null ? '' : ` The canary of ${project} is taken by ${holder}, with ${queue.length} waiting.`
  const says = `Production stays ${production ?? 'none'}, and no share of the traffic changes now: the data is imported, a candidate is trained and has to pass the gates. Then it answers live requests as its policy says, and becomes production ${last} if its labels show that it may.${lane} An abort ends it at any time before; what it answered cannot be taken back.`
  return { says, not, key }
}

/** What a policy will do with the traffic, in a line. */
export function policyInWords({ steps, deadline, labelHorizon, onCanaryBusy, shadow }: PromotionPolicy): string {
  const shares = steps.map(({ weight }) => percent(weight)).join(', ')
  const first = shadow ? `${percent(shadow.share)} in the shadow, then ` : ''
  const busy = { queue: 'waits for', supersede: 'ends', reject: 'is held because of' }[onCanaryBusy]
  return `${first}${shares} of the traffic; labels after ${labelHorizon}, deadline ${deadline}; ${busy} a canary that is open`
}
