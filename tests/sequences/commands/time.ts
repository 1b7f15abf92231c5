import fc from 'fast-check'
import { DAY_MS } from '../../../contracts/duration.js'
import { jump, settle } from '../settle.js'
import { type Step, step } from './step.js'

const HOUR_MS = DAY_MS / 24
const SPANS = [6, 24, 24, 30, 48, 72, 120, 24 * 21]

export const jumping: fc.Arbitrary<Step> = fc.constantFrom(...SPANS).map((hours) =>
  step(`jump(${hours} h)`, async (model, system) => {
    await jump(model, system, hours * HOUR_MS)
    await settle(model, system)
  }),
)
