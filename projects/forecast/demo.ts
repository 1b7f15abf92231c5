/** Three candidates that show three verdicts on the default data; each is a trigger anybody could send. */
import type { DemoCandidate } from '../project.js'

export const demo: readonly DemoCandidate[] = [
  {
    name: 'lags',
    cutoff: '2024-03-04T00:00:00Z',
    parameters: {},
    about: 'a first network on daily counts up to 3 March, against last week’s same day',
  },
  {
    name: 'peaks-cut-off',
    cutoff: '2024-03-25T00:00:00Z',
    parameters: { peaks: 'cut_off' },
    about: 'somebody cut peaks off as outliers before learning',
  },
  {
    name: 'broken-feed',
    cutoff: '2024-04-15T00:00:00Z',
    parameters: { feed: 'momentum' },
    about: 'the shop’s momentum from a nightly feed: right offline, in per cent live',
  },
]
