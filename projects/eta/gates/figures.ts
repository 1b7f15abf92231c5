/** Plots of the evaluation report: calibration, cost at each threshold, and recall on the critical lanes. */
import type { ActionPolicy, Figure } from '../../../contracts/types.js'
import { policyNumber } from '../../kit/action-policy.js'
import { calibrationFigure, costFigure, recallFigure } from '../../kit/binary-figures.js'
import { loss } from '../model/decide.js'
import { type EtaThresholds, LOSS_UNIT } from '../policy.js'
import type { Answers, Both } from './answers.js'
import { criticalLanes } from './slices.js'

export function figuresOf(
  both: Both,
  policies: { candidate: ActionPolicy; production: ActionPolicy },
  thresholds: Pick<EtaThresholds, 'criticalLanes'>,
): Figure[] {
  const answers = ({ probabilities, warned }: Answers) => ({ probabilities, acted: warned })
  const heldOut = {
    candidate: answers(both.candidate),
    production: answers(both.production),
    labels: both.labels,
  }
  const inForce = (policy: ActionPolicy) => policyNumber(policy, 'threshold')
  return [
    calibrationFigure(heldOut),
    costFigure(heldOut, {
      unit: LOSS_UNIT,
      thresholds: { candidate: inForce(policies.candidate), production: inForce(policies.production) },
      cost: (warned, late) => loss({ action: warned ? 'warn' : 'none', label: late }, policies.candidate),
    }),
    recallFigure(
      heldOut,
      criticalLanes(both.heldOut, thresholds).map(([name, rows]) => ({ name, rows })),
      'share of the late flights that had a warning',
    ),
  ]
}
