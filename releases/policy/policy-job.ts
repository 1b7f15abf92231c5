/** Computations on policies that take seconds: what a thread does for the console. */
import type { PromotionPolicy } from '../../contracts/types.js'
import type { PolicyReport, Rates } from '../../judge/index.js'
import type { ReleaseRunRecord } from '../../registry/index.js'
import { type Replayed, replayWith } from '../judge-replay.js'
import { type PlanRequest, type PolicyPlan, planPolicy } from './plan-policy.js'
import { type SimulateRequest, simulatePolicy } from './simulate-policy.js'

export type { PolicyReport, Rates }

export interface PolicyRequests {
  readonly plan: PlanRequest
  readonly simulate: SimulateRequest
  readonly replay: { readonly run: ReleaseRunRecord; readonly policy: PromotionPolicy }
}

export interface PolicyResults {
  readonly plan: PolicyPlan
  readonly simulate: PolicyReport
  readonly replay: Replayed
}

export type PolicyJobKind = keyof PolicyRequests

export type PolicyJob = {
  [Kind in PolicyJobKind]: { readonly kind: Kind; readonly request: PolicyRequests[Kind] }
}[PolicyJobKind]

/** @throws SlipwayError BadRequest for what cannot be computed */
export function doPolicyJob(job: PolicyJob): PolicyResults[PolicyJobKind] {
  switch (job.kind) {
    case 'plan':
      return planPolicy(job.request, 'fields')
    case 'simulate':
      return simulatePolicy(job.request, 'fields')
    case 'replay':
      return replayWith(job.request.run, job.request.policy)
  }
}
