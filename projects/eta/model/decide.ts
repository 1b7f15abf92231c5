/** The action for a probability, and what a warning or its absence costs. */
import type { ActionPolicy } from '../../../contracts/types.js'
import { policyNumber } from '../../kit/action-policy.js'
import { expectedUnderProbability } from '../../kit/expected-loss.js'
import type { Label, Output } from '../../project.js'
import { COSTS } from '../policy.js'

export type Action = 'warn' | 'none'

export const decide = ({ probability }: Output, policy: ActionPolicy): Action =>
  (probability ?? 0) >= policyNumber(policy, 'threshold') ? 'warn' : 'none'

/** Cost points of one flight; label 1 is late. */
export function loss({ action, label }: { action: string; label: Label }, policy: ActionPolicy): number {
  if (label === 1) return action === 'warn' ? 0 : policyNumber(policy, 'missCost')
  return action === 'warn' ? policyNumber(policy, 'falseWarningCost') : 0
}

/** Expected cost points of one flight before its label is known, under its calibrated probability of being late. */
export const expectedLoss = expectedUnderProbability(loss)

/**
 * The threshold that would have cost least on the given flights. It is chosen among 200 quantiles of their
 * probabilities and the threshold that the costs imply for calibrated probabilities: falseWarning / (miss +
 * falseWarning) (Elkan 2001).
 */
export function chooseThreshold(probabilities: Float64Array, labels: Uint8Array): number {
  const sorted = Float64Array.from(probabilities).sort()
  const implied = COSTS.falseWarningCost / (COSTS.missCost + COSTS.falseWarningCost)
  const candidates = Array.from(
    { length: 200 },
    (_, index) => sorted[Math.floor((index * sorted.length) / 200)] as number,
  )
  let best = { threshold: implied, cost: costAt(implied, probabilities, labels) }
  for (const threshold of candidates) {
    const cost = costAt(threshold, probabilities, labels)
    if (cost < best.cost) best = { threshold, cost }
  }
  return Number(best.threshold.toFixed(6))
}

function costAt(threshold: number, probabilities: Float64Array, labels: Uint8Array): number {
  let cost = 0
  probabilities.forEach((probability, index) => {
    const warned = probability >= threshold
    if (labels[index] === 1) cost += warned ? 0 : COSTS.missCost
    else cost += warned ? COSTS.falseWarningCost : 0
  })
  return cost
}

export const actionPolicy = (threshold: number): ActionPolicy => ({
  version: 'eta_warning_v1',
  parameters: { threshold, ...COSTS },
})
