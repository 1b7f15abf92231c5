import type { Judgement, PastLook } from '../contracts/types.js'

/** What later looks are told of this one. */
export const pastLook = ({ action, reason, numbers }: Judgement): PastLook => ({
  asOf: numbers.asOf,
  action,
  reason,
  sequential: numbers.sequential,
})
