import type { z } from '@hono/zod-openapi'
import { issueText } from '../contracts/issue-text.js'
import type { Delivered, GivenLabel } from '../serving/outcomes.js'
import { outcome, type outcomesRequest } from './schemas/outcome-schemas.js'

/** The outcomes of a batch that can be delivered, with their places in it, and the others with what is wrong. */
export function readOutcomes(batch: z.infer<typeof outcomesRequest>) {
  const labels: GivenLabel[] = []
  const places: number[] = []
  const rejected: Delivered['rejected'][number][] = []
  batch.forEach((given, index) => {
    const { data, error } = outcome.safeParse(given)
    if (data) {
      labels.push({ decisionId: data.decisionId, label: data.label, observedAt: Date.parse(data.observedAt) })
      places.push(index)
    } else {
      const problem = error.issues.map((issue) => issueText('', given, issue)).join('; ')
      rejected.push({ index, decisionId: given.decisionId, problem })
    }
  })
  return { labels, places, rejected }
}
