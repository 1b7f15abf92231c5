/** What a decision is expected to cost is its loss, averaged over the label's chances. */
import { describe, expect, it } from 'vitest'
import { project as eta } from '../../projects/eta/index.js'
import { actionPolicy } from '../../projects/eta/model/decide.js'
import { project as vision } from '../../projects/vision/index.js'
import { reviewAll } from '../../projects/vision/model/decide.js'

describe.each([
  ['eta', eta, actionPolicy(0.3), ['warn', 'none']],
  ['vision', vision, reviewAll(), ['pass', 'review', 'retake']],
] as const)('%s', (_name, project, policy, actions) => {
  it.each(actions)('%s', (action) => {
    const loss = (label: number) => project.loss({ action, output: {}, label }, policy)
    const expected = (probability: number) => project.expectedLoss?.({ probability }, action, policy)
    expect([expected(0), expected(1)]).toEqual([loss(0), loss(1)])
    expect(expected(0.3)).toBeCloseTo(0.3 * loss(1) + 0.7 * loss(0), 12)
  })
})
