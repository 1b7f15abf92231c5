import { expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import type { ExposureStep } from '../../../contracts/exposure.js'
import { SlipwayError } from '../../../contracts/failure.js'
import type { Registry } from '../../../registry/index.js'
import { openStep } from '../../../releases/exposure/open-step.js'
import { toyPolicy } from '../../toy-project/policy.js'

const DAY_MS = 86_400_000
const request = {
  project: 'toy',
  workflowId: 'release/toy/x',
  phase: 'probation',
  step: 0,
  policy: toyPolicy,
  opened: 0,
  stepBegan: 0,
  evidence: 'live',
} as unknown as ExposureRequest

/** Its first reader sees nothing yet, and is overtaken before it writes. */
function overtaken(by: ExposureStep | null) {
  const seen: ExposureStep[] = []
  const registry = {
    ledger: {
      entries: async () => seen.map((body) => ({ body })),
      append: async () => {
        if (by) seen.push(by)
        throw new SlipwayError('BadRequest', 'is recorded already with other content')
      },
    },
  }
  return registry as unknown as Registry
}

it('of two attempts before and after midnight the first to write is valid, and the release continues', async () => {
  const other: ExposureStep = { phase: 'probation', step: 0, weight: toyPolicy.probation.holdback, fromDay: DAY_MS }
  await expect(openStep(overtaken(other), request, 2 * DAY_MS)).resolves.toBeUndefined()
})

it('an entry that cannot be recorded for another reason fails', async () => {
  await expect(openStep(overtaken(null), request, 2 * DAY_MS)).rejects.toThrow('other content')
})
