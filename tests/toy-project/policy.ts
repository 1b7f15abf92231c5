import type { PromotionPolicy } from '../../contracts/types.js'

export const toyPolicy: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'toy_policy_v1',
  labelHorizon: '1d',
  deadline: '14d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '2d' },
  ],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 1_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.02,
    minMature: 200,
    minCoverage: 0.9,
    maxCoverageDifference: 0.05,
    sampleRatioAlpha: 0.001,
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  probation: { holdback: 1_000, lasts: '3d' },
}

/** Each candidate begins in the shadow of production. */
export const shadowPolicy: PromotionPolicy = {
  ...toyPolicy,
  schema: 'slipway.policy/2',
  name: 'toy_shadow_v1',
  shadow: { share: 10_000, lasts: '2d' },
  judge: { ...toyPolicy.judge, lossBound: { lowest: 0, highest: 5, beyond: 'refuse' } },
}

/** Its losses in the shadow are judged beside those of production. */
export const pairedShadowPolicy: PromotionPolicy = {
  ...shadowPolicy,
  name: 'toy_paired_shadow_v1',
  shadow: { share: 10_000, lasts: '5d', paired: { onHarm: 'rollback', canaryMinMature: 20 } },
}
