/** Two candidates that show two verdicts on the default data; each is a trigger anybody could send. */
import type { DemoCandidate } from '../project.js'

export const demo: readonly DemoCandidate[] = [
  {
    name: 'winter',
    cutoff: '2026-03-02T00:00:00Z',
    parameters: {},
    about: 'a first network instead of reviewing everything, on parcels photographed up to 1 March',
  },
  {
    name: 'claim-sticker',
    cutoff: '2026-04-27T00:00:00Z',
    parameters: {},
    about: 'damaged parcels now carry an orange claim sticker on their photos',
  },
]
