/** Rows of arm `shadow`: what a candidate makes of a request that production has answered. */

/** The id of a shadow decision is the id of production's decision and this. */
export const SHADOW_SUFFIX = '~shadow'

export const shadowIdOf = (decisionId: string): string => `${decisionId}${SHADOW_SUFFIX}`

export const productionIdOf = (shadowId: string): string => shadowId.slice(0, -SHADOW_SUFFIX.length)

/** The action of one whose candidate could not score the input; it has no output. */
export const SHADOW_FAILED = 'scoring_failed'

export const isShadowFailure = ({ action, output }: { readonly action: string; readonly output: object }): boolean =>
  action === SHADOW_FAILED && Object.keys(output).length === 0
