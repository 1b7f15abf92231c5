/** Where the evidence of a release comes from. Free of zod: workflow code may import this file. */

/** `replay` of the project's data, or `live` traffic of the decision service. */
export type EvidenceSource = 'replay' | 'live'

/** Whether a release is judged on live traffic; one that names no source is judged on replayed data. */
export const isLive = ({ evidence }: { readonly evidence?: EvidenceSource | undefined }): boolean => evidence === 'live'
