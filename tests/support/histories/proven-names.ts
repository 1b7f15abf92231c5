/** A promotion that was accepted, refused when it was recorded because its name is not proven, and then approved. */
import { createProver } from '../../../releases/identity/prover.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { exposed, operate, reaches, resultOf } from '../steer.js'
import type { Scenario } from './scenarios.js'

/** Of the worker too. */
export const SECRET = 'a secret that has at least 32 characters'
const NAME = 'approved-by-a-proven-name'

const provenNames: Scenario = async (on) => {
  const prover = createProver(SECRET)
  const workflowId = `release/toy/${NAME}`
  const start = { workflowId, id: NAME, action: 'start', by: 'ana' }
  const policy = { ...toyPolicy, promotionApproval: 'other_person' as const }
  await on.start(NAME, { dayMs: 400, policy, by: 'ana', proof: prover.sign(start) })
  await exposed(on, workflowId)
  await reaches(on, workflowId, 'canary', ({ awaitingApproval }) => awaitingApproval)
  const stated = await operate(on, workflowId, 'promote', { by: 'bo' })
  if (stated.accepted) throw new Error('a name that is stated only was counted')
  const what = { workflowId, id: 'approval', action: 'promote', by: 'bo' } as const
  await operate(on, workflowId, 'promote', { id: what.id, by: what.by, proof: prover.sign(what) })
  const { verdict, reason } = await resultOf(on, workflowId)
  if (reason !== 'non_inferior') throw new Error(`${workflowId} ended as ${verdict}: ${reason}`)
  return { [NAME]: workflowId }
}

export const PROVEN_NAMES: readonly Scenario[] = [provenNames]
