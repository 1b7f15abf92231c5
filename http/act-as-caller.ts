/** Operator actions in the name of a caller, for the routes of machines and the forms of people alike. */
import type { z } from '@hono/zod-openapi'
import { approvalOf, type OperateAnswer, operate, operatorActionOf } from '../releases/operate.js'
import { rollBackAndSignal, rollbackRequestOf } from '../releases/roll-back-and-signal.js'
import type { DecisionService } from '../serving/service.js'
import { proofOf, requireCallerName } from './access/caller-name.js'
import type { Caller } from './access/tokens.js'
import type { AppOptions } from './app-options.js'
import type { actionRequest } from './schemas/action-schemas.js'
import { withTemporal } from './with-temporal.js'

type Needs = Pick<AppOptions, 'withClient' | 'prover'> & {
  readonly service: Pick<DecisionService, 'registry' | 'artifacts'>
}

interface Note {
  readonly by: string | undefined
  readonly reason: string
  /** Makes it idempotent. */
  readonly id: string
}

type Action = z.infer<typeof actionRequest>['action']

/** @throws as `operate`, and SlipwayError BadRequest if neither the note nor the caller names a person */
export async function actAsCaller(
  { service, withClient, prover }: Needs,
  caller: Caller | null,
  { workflowId, action, by, reason, id }: Note & { workflowId: string; action: Action },
): Promise<OperateAnswer> {
  const name = requireCallerName(by, caller)
  const note = { id, by: name.by, reason }
  const unsigned = action === 'approve' ? approvalOf(note) : operatorActionOf(action, note)
  const what = { workflowId, id: unsigned.id, action: unsigned.action, by: unsigned.by }
  const sent = { ...unsigned, ...proofOf(prover, name, what) }
  const needs = { registry: service.registry, withClient: withTemporal(withClient), prover }
  return operate(needs, workflowId, sent)
}

/** @throws as `rollBack`, and SlipwayError BadRequest if neither the note nor the caller names a person */
export async function rollBackAsCaller(
  { service, withClient, prover }: Needs,
  caller: Caller | null,
  { project, to, by, reason, id }: Note & { project: string; to: string | undefined },
): ReturnType<typeof rollBackAndSignal> {
  const name = requireCallerName(by, caller)
  const known = prover && ({ identity: name.proven ? 'proven' : 'stated' } as const)
  const request = { ...rollbackRequestOf(project, { id, by: name.by, reason, to }), ...known }
  const { registry, artifacts } = service
  return rollBackAndSignal({ registry, artifacts, withClient: withTemporal(withClient) }, request)
}
