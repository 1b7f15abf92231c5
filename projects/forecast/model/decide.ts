/**
 * From quantiles to what is prepared, and what that costs. The standing supply covers up to a multiple of the usual level; more
 * needs a buyer, whom a replenish alert calls for a fee.
 */
import type { ActionPolicy } from '../../../contracts/types.js'
import type { Label, Output } from '../../project.js'
import { COSTS, LOSS_BOUND } from '../policy.js'
import { quantileAt } from './predict.js'

export type Action = 'replenish' | 'standing'

const parameter = ({ parameters, version }: ActionPolicy, name: string): number => {
  const value = parameters[name]
  if (typeof value === 'number') return value
  throw new RangeError(`action policy ${version} has no number named ${name}`)
}

/** A usual day's order lines; a series that sells less than one is counted as one, so that its mistakes stay small. */
const unitOf = ({ usual = 0 }: Output): number => Math.max(1, usual)

const wanted = (output: Output, policy: ActionPolicy): number =>
  Math.round(quantileAt(output, parameter(policy, 'orderQuantile')))

export const decide = (output: Output, policy: ActionPolicy): Action =>
  wanted(output, policy) > parameter(policy, 'alertRatio') * unitOf(output) ? 'replenish' : 'standing'

/** Order lines that can be served. */
function prepared(action: string, output: Output, policy: ActionPolicy): number {
  const order = wanted(output, policy)
  return action === 'replenish'
    ? order
    : Math.min(order, Math.ceil(parameter(policy, 'standingRatio') * unitOf(output)))
}

interface Decided {
  readonly action: string
  readonly output: Output
  readonly label: Label
}

/** Cost of lines that could not be served, in points: one point is a usual day's lines left over. */
export function underforecastCost({ action, output, label }: Decided, policy: ActionPolicy): number {
  const short = Math.max(0, Number(label) - prepared(action, output, policy))
  return (parameter(policy, 'underCost') * short) / unitOf(output)
}

/** Cost points of one series and day; label: the order lines that came. Not bounded: the policy says what a single one may weigh. */
export function loss(decided: Decided, policy: ActionPolicy): number {
  const { action, output, label } = decided
  const left = Math.max(0, prepared(action, output, policy) - Number(label))
  const over = (parameter(policy, 'overCost') * left) / unitOf(output)
  const alert = action === 'replenish' ? parameter(policy, 'alertCost') : 0
  return underforecastCost(decided, policy) + over + alert
}

/** As the judge counts it: beyond the policy's bound it is the bound. */
export const boundedLoss = (decided: Decided, policy: ActionPolicy): number =>
  Math.min(LOSS_BOUND.highest, loss(decided, policy))

/** What the loss will be on average if demand is as the quantiles say: over the middles of ten slices of it. */
export function expectedLoss(output: Output, action: string, policy: ActionPolicy): number {
  const levels = Array.from({ length: 10 }, (_, slice) => slice / 10 + 0.05)
  const losses = levels.map((level) => loss({ action, output, label: quantileAt(output, level) }, policy))
  return losses.reduce((sum, value) => sum + value, 0) / losses.length
}

const ALERT_RATIOS = [1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 5, 6, 8]

/** The alert ratio that would have cost least; of equal ones the one with fewer alerts. */
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
