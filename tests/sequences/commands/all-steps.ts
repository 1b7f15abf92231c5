/** All steps of a sequence, with their weights. */
import type fc from 'fast-check'
import { losingCompletions, losingWorkers } from './accidents.js'
import { breaching } from './breach.js'
import { cancelling } from './cancel.js'
import { operating } from './operator-actions.js'
import { rollingBack } from './rollback.js'
import { starting, startingAgain } from './start.js'
import type { Step } from './step.js'
import { jumping } from './time.js'
import { asking, labelling, livingDays, tracing } from './traffic.js'

/** Each with the weight by which it is drawn. */
export const STEPS: { weight: number; arbitrary: fc.Arbitrary<Step> }[] = [
  { weight: 5, arbitrary: starting },
  { weight: 1, arbitrary: startingAgain },
  { weight: 8, arbitrary: operating },
  { weight: 3, arbitrary: breaching },
  { weight: 4, arbitrary: jumping },
  { weight: 2, arbitrary: livingDays },
  { weight: 1, arbitrary: asking },
  { weight: 1, arbitrary: labelling },
  { weight: 1, arbitrary: tracing },
  { weight: 2, arbitrary: rollingBack },
  { weight: 1, arbitrary: cancelling },
  { weight: 1, arbitrary: losingWorkers },
  { weight: 2, arbitrary: losingCompletions },
]
