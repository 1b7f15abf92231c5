/**
 * The action for a forecast, and what it costs. The standing supply covers a multiple of the usual level. More needs a
 * buyer, and a replenish alert that calls the buyer has a cost.
 */
import type { ActionPolicy } from '../../../contracts/types.js'
import { policyNumber } from '../../kit/action-policy.js'
import type { Label, Output } from '../../project.js'
import { COSTS, LOSS_BOUND } from '../policy.js'
import { quantileAt } from './predict.js'

export type Action = 'replenish' | 'standing'

/** A usual day's order lines. A series that sells less than one line counts as one, so that its mistakes stay small. */
const unitOf = ({ usual = 0 }: Output): number => Math.max(1, usual)

const wanted = (output: Output, policy: ActionPolicy): number =>
  Math.round(quantileAt(output, policyNumber(policy, 'orderQuantile')))

export const decide = (output: Output, policy: ActionPolicy): Action =>
  wanted(output, policy) > policyNumber(policy, 'alertRatio') * unitOf(output) ? 'replenish' : 'standing'

/** Order lines that can be served. */
function prepared(action: string, output: Output, policy: ActionPolicy): number {
  const order = wanted(output, policy)
  return action === 'replenish'
    ? order
    : Math.min(order, Math.ceil(policyNumber(policy, 'standingRatio') * unitOf(output)))
}

interface Decided {
  readonly action: string
  readonly output: Output
  readonly label: Label
}

/** Cost points of the lines that could not be served. One point is a usual day's lines left over. */
export function underforecastCost({ action, output, label }: Decided, policy: ActionPolicy): number {
  const short = Math.max(0, Number(label) - prepared(action, output, policy))
  return (policyNumber(policy, 'underCost') * short) / unitOf(output)
}

/** Share of the lines that could be served; 1 where there were none. */
export const servedShare = ({ action, output, label }: Decided, policy: ActionPolicy): number =>
  Number(label) <= 0 ? 1 : Math.min(1, prepared(action, output, policy) / Number(label))

/**
 * Cost points of one series and day; the label is its order lines. Not bounded: the judge applies the policy's bound.
 */
export function loss(decided: Decided, policy: ActionPolicy): number {
  const { action, output, label } = decided
  const left = Math.max(0, prepared(action, output, policy) - Number(label))
  const over = (policyNumber(policy, 'overCost') * left) / unitOf(output)
  const alert = action === 'replenish' ? policyNumber(policy, 'alertCost') : 0
  return underforecastCost(decided, policy) + over + alert
}

/** The loss as the judge counts it, limited by the policy's bound. */
export const boundedLoss = (decided: Decided, policy: ActionPolicy): number =>
  Math.min(LOSS_BOUND.highest, loss(decided, policy))

/** The mean loss if demand is distributed as the forecast quantiles say, by the midpoints of ten equal parts. */
export function expectedLoss(output: Output, action: string, policy: ActionPolicy): number {
  const levels = Array.from({ length: 10 }, (_, slice) => slice / 10 + 0.05)
  const losses = levels.map((level) => loss({ action, output, label: quantileAt(output, level) }, policy))
  return losses.reduce((sum, value) => sum + value, 0) / losses.length
}

const ALERT_RATIOS = [1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 5, 6, 8]

/** The alert ratio that would have cost least. Between equal costs, the one with fewer alerts. */
export function chooseAlertRatio(outputs: readonly Output[], labels: ArrayLike<number>): number {
  const costs = ALERT_RATIOS.map((alertRatio) => {
    const policy = actionPolicy(alertRatio)
    const cost = outputs.reduce((sum, output, index) => {
      const label = labels[index] as number
      return sum + boundedLoss({ action: decide(output, policy), output, label }, policy)
    }, 0)
    return { alertRatio, cost }
  })
  return costs.reduce((best, one) => (one.cost <= best.cost ? one : best)).alertRatio
}

export const actionPolicy = (alertRatio: number): ActionPolicy => ({
  version: 'forecast_replenish_v1',
  parameters: { alertRatio, ...COSTS },
})
