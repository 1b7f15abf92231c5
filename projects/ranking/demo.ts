/** Two candidates that end in two different verdicts on the default data. Any client could send these triggers. */
import type { DemoCandidate } from '../project.js'

export const demo: readonly DemoCandidate[] = [
  {
    name: 'learned-order',
    cutoff: '2025-03-10T00:00:00Z',
    parameters: {},
    about: 'a ranker trained on clicks, purchases and returns, against the order of sales',
  },
  {
    name: 'open-slate',
    cutoff: '2025-04-21T00:00:00Z',
    parameters: { slate: 'open', trainDays: 21, epochs: 4 },
    about: 'a better order with a slate rule that admits blocked listings',
  },
]
