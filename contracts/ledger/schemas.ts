/**
 * The schema of each kind's parsed body. A body is checked by it and never replaced: the hash is made from what was
 * parsed.
 */
import type { z } from 'zod'
import { aliasMoveBody } from './alias-move.js'
import { approvalBody } from './approval.js'
import { breachBody } from './breach.js'
import { canaryStepBody } from './canary-step.js'
import { clockBody } from './clock.js'
import { conditionBody } from './condition.js'
import { dayClosedBody } from './day-closed.js'
import { decisionOfflineBody } from './decision-offline.js'
import { droppedBody } from './dropped.js'
import { evaluationBody } from './evaluation.js'
import { judgementBody } from './judgement.js'
import type { EntryKind } from './kinds.js'
import { labelCorrectionBody } from './label-correction.js'
import { laneBody } from './lane.js'
import { operatorActionBody } from './operator-action.js'
import { releaseBody } from './release.js'
import { scheduleBody } from './schedule.js'
import { snapshotBody } from './snapshot.js'
import { sourceBody } from './source.js'
import { trainingRunBody } from './training-run.js'
import { triggerBody } from './trigger.js'
import { verdictBody } from './verdict.js'

export const ENTRY_SCHEMAS = {
  trigger: triggerBody,
  snapshot: snapshotBody,
  training_run: trainingRunBody,
  release: releaseBody,
  evaluation: evaluationBody,
  decision_offline: decisionOfflineBody,
  lane: laneBody,
  clock: clockBody,
  canary_step: canaryStepBody,
  judgement: judgementBody,
  alias_move: aliasMoveBody,
  operator_action: operatorActionBody,
  breach: breachBody,
  approval: approvalBody,
  verdict: verdictBody,
  schedule: scheduleBody,
  condition: conditionBody,
  label_correction: labelCorrectionBody,
  day_closed: dayClosedBody,
  dropped: droppedBody,
  source: sourceBody,
} satisfies Record<EntryKind, z.ZodType>

/** The parsed body of an entry of this kind; of several kinds, a union. */
export type EntryBody<Kind extends EntryKind = EntryKind> = Readonly<z.infer<(typeof ENTRY_SCHEMAS)[Kind]>>
