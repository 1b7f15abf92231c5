/** What a start by form can choose from: what the project has, and what was recorded of earlier releases. */
import { digestOf } from '../../contracts/canonical.js'
import { evidenceSourceOf } from '../../contracts/evidence-source.js'
import { bodiesOf } from '../../contracts/ledger/index.js'
import type { PromotionPolicy, Trigger } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'

export interface PolicyChoice {
  /** Empty for the policy of the project. */
  readonly digest: string
  readonly policy: PromotionPolicy
  /** The newest release that was started with it; null for the policy of the project. */
  readonly usedBy: string | null
}

export interface StartChoices {
  readonly policies: readonly PolicyChoice[]
  /** Stored data, and files and folders of earlier releases; the project's own data is not among them. */
  readonly sources: readonly { readonly source: string; readonly says: string }[]
  readonly evidence: NonNullable<Trigger['evidence']>
}

const TRIGGERS_READ = 100
const MOST_POLICIES = 5
const MOST_SOURCES = 20

/** @param own the policy of the project */
export async function gatherStartChoices(
  registry: Pick<Registry, 'ledger'>,
  project: string,
  own: PromotionPolicy,
): Promise<StartChoices> {
  const [entries, added] = await Promise.all([
    registry.ledger.entries(project, { kind: 'trigger', newest: TRIGGERS_READ }),
    registry.ledger.entries(project, { kind: 'source', newest: MOST_SOURCES }),
  ])
  const newestFirst = bodiesOf(entries, 'trigger').reverse()
  const policies = new Map<string, PolicyChoice>()
  for (const { policy: recorded, trigger } of newestFirst) {
    const policy = promotedAs(own, recorded)
    const digest = digestOf(policy)
    if (!policies.has(digest)) policies.set(digest, { digest, policy, usedBy: trigger.id })
  }
  policies.delete(digestOf(own))
  const sources = new Map<string, string>()
  for (const { at, body } of [...added].reverse())
    if (!sources.has(body.artifact))
      sources.set(body.artifact, `${body.name}, added ${at.slice(0, 16).replace('T', ' ')} UTC by ${body.by}`)
  for (const { source } of newestFirst.map(({ trigger }) => trigger))
    if (source !== undefined && !sources.has(source)) sources.set(source, source)
  const [newest] = newestFirst
  return {
    policies: [{ digest: '', policy: own, usedBy: null }, ...[...policies.values()].slice(0, MOST_POLICIES)],
    sources: [...sources].slice(0, MOST_SOURCES).map(([source, says]) => ({ source, says })),
    evidence: newest ? evidenceSourceOf(newest.trigger) : 'replay',
  }
}

/** Who may promote, and when a person may, is a matter of the project and of no choice. */
function promotedAs({ manualPromote, promotionApproval }: PromotionPolicy, recorded: PromotionPolicy): PromotionPolicy {
  const { promotionApproval: _earlier, ...rest } = recorded
  return { ...rest, manualPromote, ...(promotionApproval === undefined ? {} : { promotionApproval }) }
}
