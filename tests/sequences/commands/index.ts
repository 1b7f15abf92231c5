/** All that a sequence may do, in the shares in which it does it. */
import type fc from 'fast-check'
import { losingCompletions, replacingWorkers } from './accidents.js'
import { breaching } from './breach.js'
import type { Step } from './command.js'
import { rollingBack } from './rollback.js'
import { starting, startingAgain } from './start.js'
import { jumping } from './time.js'
import { asking, labelling, livingDays, tracing } from './traffic.js'
import { saying } from './words.js'

const SHARES: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
  [6, starting],
  [1, startingAgain],
  [8, saying],
  [3, breaching],
  [4, jumping],
  [2, livingDays],
  [1, asking],
  [1, labelling],
  [1, tracing],
  [2, rollingBack],
  [1, replacingWorkers],
  [2, losingCompletions],
]

/** `fc.commands` draws evenly from what it is given. */
export const STEPS: fc.Arbitrary<Step>[] = SHARES.flatMap(([share, steps]) =>
  Array<fc.Arbitrary<Step>>(share).fill(steps),
)
