/** What a release is made of, as whoever starts one can say it: not who asked, when, by what way, or why. Zod-free and pure. */
import { canonicalJson } from './canonical.js'
import { type EvidenceSource, evidenceSourceOf } from './evidence-source.js'
import type { ReleaseInput } from './types.js'

export interface ReleaseContent {
  readonly source: string | null
  readonly cutoff: string
  readonly evidence: EvidenceSource
  readonly parameters: Readonly<Record<string, unknown>>
  readonly policy: ReleaseInput['policy']
  readonly speed: number
}

/** One field by its path, `parameters.epochs`; null where there is none. */
export interface Difference {
  readonly field: string
  readonly first: unknown
  readonly asked: unknown
}

export const contentOf = ({ trigger, policy, clock }: ReleaseInput): ReleaseContent => ({
  source: trigger.source ?? null,
  cutoff: trigger.cutoff,
  evidence: evidenceSourceOf(trigger),
  parameters: trigger.parameters,
  policy,
  speed: clock.speed,
})

/** What was said of a release; what is left out is no wish. */
export type Asked = { readonly [Field in keyof ReleaseContent]?: ReleaseContent[Field] | undefined }

/** What was asked for and a release that was started before does not have. */
export function differences(first: ReleaseInput, asked: Asked): Difference[] {
  return Object.entries(contentOf(first)).flatMap(([name, value]) => {
    const said = asked[name as keyof ReleaseContent]
    if (said === undefined) return []
    const [had, wanted] = [new Map(leaves(name, value)), new Map(leaves(name, said))]
    return [...new Set([...had.keys(), ...wanted.keys()])]
      .map((field) => ({ field, first: had.get(field) ?? null, asked: wanted.get(field) ?? null }))
      .filter((found) => canonicalJson(found.first) !== canonicalJson(found.asked))
  })
}

const leaves = (path: string, value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, inner]) => leaves(`${path}.${name}`, inner))
    : [[path, value]]
