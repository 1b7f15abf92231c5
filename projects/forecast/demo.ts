/** Three candidates that end in three different verdicts on the default data. Any client could send these triggers. */
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
    about: 'with peaks clipped as outliers before training',
  },
  {
    name: 'broken-feed',
    cutoff: '2024-04-15T00:00:00Z',
    parameters: { feed: 'momentum' },
    about: 'with the shop’s momentum from a nightly feed: correct offline, in per cent live',
  },
]
