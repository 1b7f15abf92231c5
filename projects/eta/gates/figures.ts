/** The report's plots: how honest the probabilities are, what every threshold would have cost, and the critical lanes. */
import type { ActionPolicy, Figure } from '../../../contracts/types.js'
import { calibrationFigure, costFigure, recallFigure } from '../../kit/figures.js'
import { loss } from '../model/decide.js'
import type { Answers, Both } from './answers.js'
import { criticalLanes, type Thresholds } from './slices.js'

export function figuresOf(
  both: Both,
  policies: { candidate: ActionPolicy; production: ActionPolicy },
  thresholds: Thresholds,
): Figure[] {
  const answers = ({ probabilities, warned }: Answers) => ({ probabilities, acted: warned })
  const heldOut = {
    candidate: answers(both.candidate),
    production: answers(both.production),
    labels: both.labels,
  }
  const inForce = ({ parameters }: ActionPolicy) => Number(parameters.threshold)
  return [
    calibrationFigure(heldOut),
    costFigure(heldOut, {
      unit: 'cost points per flight',
      thresholds: { candidate: inForce(policies.candidate), production: inForce(policies.production) },
      cost: (warned, late) => loss({ action: warned ? 'warn' : 'none', label: late }, policies.candidate),
    }),
    recallFigure(
      heldOut,
      criticalLanes(both.heldOut, thresholds).map(([name, rows]) => ({ name, rows })),
      'share of the late flights that were warned of',
    ),
  ]
}
