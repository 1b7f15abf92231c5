/** What pages on policies share: how they ask for a computation, and what they answer. */
import { SlipwayError } from '../../contracts/failure.js'
import type { PolicyJobKind, PolicyRequests, PolicyResults } from '../../releases/policy/policy-job.js'
import type { Markup } from '../html.js'

/** Beside the service, and ended when the browser leaves. */
export type Compute = <Kind extends PolicyJobKind>(
  kind: Kind,
  request: PolicyRequests[Kind],
) => Promise<PolicyResults[Kind]>

export interface Answered {
  readonly content: Markup
  /** HTTP status. */
  readonly status: number
}

export interface Outcome {
  readonly result: Markup | null
  /** Why nothing was computed. */
  readonly problem: string | null
  readonly status: number
}

export const nothingAsked: Outcome = { result: null, problem: null, status: 200 }
export const wrongFields = (problem: string): Outcome => ({ result: null, problem, status: 400 })

/** @param compute null: the address was opened from another site, which may not make this service compute */
export async function outcomeOf(
  compute: Compute | null,
  work: (compute: Compute) => Promise<Markup>,
): Promise<Outcome> {
  if (compute === null)
    return { ...nothingAsked, problem: 'Another site led here: read the fields, and compute them with the button.' }
  try {
    return { result: await work(compute), problem: null, status: 200 }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return { result: null, problem: error.message, status: error.type === 'Unavailable' ? 503 : 400 }
  }
}
