/** Where the candidate of a shadow scores: in a thread of its own, or in this one. */
import { type Answered, type Scored, scored } from './score-in-shadow.js'

export interface ShadowScorer {
  /** Requests of one call. */
  readonly most: number
  /** Scores in the event loop that answers production. */
  readonly sharesLoop: boolean
  /** One for each request, which all have the same candidate; null for a request that was not scored. Never throws. */
  score(requests: readonly Answered[]): Promise<readonly (Scored | null)[]>
  /** Ends a scoring that takes longer than a moment. */
  close(): Promise<void>
}

export const scoresInThisThread = (scoringMs: number): ShadowScorer => ({
  most: 1,
  sharesLoop: true,
  score: (requests) =>
    Promise.all(
      requests.map(async ({ tuples, input }) =>
        tuples.other ? await scored(tuples.project, tuples.other, input, scoringMs) : null,
      ),
    ),
  close: async () => {},
})
