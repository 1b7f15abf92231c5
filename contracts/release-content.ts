/** What a release consists of, as a request states it, without who asked, when, how or why. Zod-free and pure. */
import { canonicalJson } from './canonical.js'
import { type EvidenceSource, evidenceSourceOf } from './evidence-source.js'
import type { ReleaseInput } from './types.js'

export interface ReleaseContent {
  readonly source: string | null
  readonly cutoff: string
  readonly evidence: EvidenceSource
  readonly parameters: Readonly<Record<string, unknown>>
  readonly policy: ReleaseInput['policy']
  /** Null: those of the project. */
  readonly gates: ReleaseInput['gates'] | null
  readonly monitor: ReleaseInput['monitor'] | null
  readonly speed: number
}

/** One field by its path, such as `parameters.epochs`; null where there is none. */
export interface Difference {
  readonly field: string
  readonly first: unknown
  readonly asked: unknown
}

export const contentOf = ({ trigger, policy, gates, monitor, clock }: ReleaseInput): ReleaseContent => ({
  source: trigger.source ?? null,
  cutoff: trigger.cutoff,
  evidence: evidenceSourceOf(trigger),
  parameters: trigger.parameters,
  policy,
  gates: gates ?? null,
  monitor: monitor ?? null,
  speed: clock.speed,
})

/** The fields that a request states explicitly; defaults are ignored. */
export type Asked = { readonly [Field in keyof ReleaseContent]?: ReleaseContent[Field] | undefined }

/** The fields in which a request differs from a release that was started before. */
export function differences(first: ReleaseInput, asked: Asked): Difference[] {
  return Object.entries(contentOf(first)).flatMap(([name, value]) => {
    const stated = asked[name as keyof ReleaseContent]
    return stated === undefined ? [] : differencesBetween(name, value, stated)
  })
}

/** @param name of both values, with which the paths begin */
export function differencesBetween(name: string, value: unknown, stated: unknown): Difference[] {
  const [had, wanted] = [new Map(leaves(name, value)), new Map(leaves(name, stated))]
  return [...new Set([...had.keys(), ...wanted.keys()])]
    .map((field) => ({ field, first: had.get(field) ?? null, asked: wanted.get(field) ?? null }))
    .filter((found) => canonicalJson(found.first) !== canonicalJson(found.asked))
}

const leaves = (path: string, value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, inner]) => leaves(`${path}.${name}`, inner))
    : [[path, value]]
