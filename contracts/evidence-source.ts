/** Where the evidence of a release comes from. Free of zod: workflow code may import this file. */

/** `replay` of the project's data, or `live` traffic of the decision service. */
export type EvidenceSource = 'replay' | 'live'

interface NamesSource {
  readonly evidence?: EvidenceSource | undefined
}

/** A release that names no source is judged on replayed data. */
export const evidenceSourceOf = ({ evidence }: NamesSource): EvidenceSource => evidence ?? 'replay'

export const isLive = (release: NamesSource): boolean => evidenceSourceOf(release) === 'live'
