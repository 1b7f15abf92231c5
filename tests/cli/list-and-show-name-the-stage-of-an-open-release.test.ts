import { expect, it } from 'vitest'
import { listText, showText } from '../../cli/views/release-view.js'

const run = {
  project: 'eta',
  workflowId: 'release/eta/nightly',
  releaseId: 'eta_v2',
  startedAt: '2001-03-10T00:00:00.000Z',
  stage: 'canary',
  verdict: null,
  reason: null,
} as const

it('a release in training looks different from one whose canary is open', () => {
  expect(listText([run])).toContain('in progress: canary')
  expect(showText({ ...run, stage: 'training', entries: [] })).toContain('in progress: training')
})
