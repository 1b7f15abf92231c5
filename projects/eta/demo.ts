/** Three candidates that end in three different verdicts on the default data. Any client could send these triggers. */
import type { DemoCandidate } from '../project.js'

export const demo: readonly DemoCandidate[] = [
  {
    name: 'spring',
    cutoff: '2001-03-10T00:00:00Z',
    parameters: {},
    about: 'an honest retraining on flights up to 10 March',
  },
  {
    name: 'leaking',
    cutoff: '2001-03-24T00:00:00Z',
    parameters: { leak: true, trainDays: 28 },
    about: 'with a feature that is known only at arrival',
  },
  {
    name: 'broken-feed',
    cutoff: '2001-04-23T00:00:00Z',
    parameters: { feed: 'yesterday' },
    about: 'with a feature from a nightly feed: correct offline, in the wrong unit live',
  },
]
