import type { Judgement, PastLook } from '../contracts/types.js'

/** What later looks need to know about a look. */
export const pastLook = ({ action, reason, numbers }: Judgement): PastLook => ({
  asOf: numbers.asOf,
  action,
  reason,
  sequential: numbers.sequential,
})
