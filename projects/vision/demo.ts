/** Two candidates that end in two different verdicts on the default data. Any client could send these triggers. */
import type { DemoCandidate } from '../project.js'

export const demo: readonly DemoCandidate[] = [
  {
    name: 'winter',
    cutoff: '2026-03-02T00:00:00Z',
    parameters: {},
    about: 'a first network on parcels photographed up to 1 March, against reviewing everything',
  },
  {
    name: 'claim-sticker',
    cutoff: '2026-04-27T00:00:00Z',
    parameters: {},
    about: 'damaged parcels now have an orange claim sticker on their photos',
  },
]
