/** Two candidates that show two verdicts on the default data; each is a trigger anybody could send. */
import type { DemoCandidate } from '../project.js'

export const demo: readonly DemoCandidate[] = [
  {
    name: 'learned-order',
    cutoff: '2025-03-10T00:00:00Z',
    parameters: {},
    about: 'a ranker learned from clicks, purchases and returns, against what sells best',
  },
  {
    name: 'open-slate',
    cutoff: '2025-04-21T00:00:00Z',
    parameters: { slate: 'open', trainDays: 21, epochs: 4 },
    about: 'a better order whose slate rule lets blocked listings through',
  },
]
