import { expect, it } from 'vitest'
import { showText } from '../../../cli/views/release-view.js'
import { tupleSection } from '../../../console/report/sections/record-section.js'
import type { LedgerEntry } from '../../../contracts/ledger/index.js'
import type { SnapshotManifest } from '../../../contracts/types.js'
import { schemaGate } from '../../../projects/eta/gates/schema.js'
import type { ReleaseRunRecord } from '../../../registry/index.js'

const manifest: SnapshotManifest = {
  schema: 'slipway.snapshot/1',
  project: 'eta',
  source: { name: 'flights.csv', files: [{ name: 'flights.csv', sha256: `sha256:${'0'.repeat(64)}`, bytes: 10 }] },
  cutoff: '2013-02-01T00:00:00.000Z',
  days: { first: '2013-01-01', last: '2013-01-31' },
  rows: 3_000,
  labelled: 3_000,
  censored: 0,
  rejected: [
    { reason: 'delay outside -120..1440 minutes', rows: 38, examples: ['row 1: delay 9999', 'row 91: delay 9999'] },
    // Of a snapshot of an earlier build.
    { reason: 'the same flight a second time', rows: 2 },
  ],
  columns: [{ name: 'date', type: 'text' }],
  data: `sha256:${'1'.repeat(64)}`,
}
const snapshot: LedgerEntry<'snapshot'> = {
  project: 'eta',
  seq: 1,
  kind: 'snapshot',
  subject: 'release/eta/x',
  key: 'snapshot:release/eta/x',
  at: '2013-02-01T00:00:00.000Z',
  body: { digest: `sha256:${'2'.repeat(64)}`, manifest },
  prev: null,
  hash: `sha256:${'3'.repeat(64)}`,
}
const run: ReleaseRunRecord = {
  project: 'eta',
  workflowId: 'release/eta/x',
  releaseId: null,
  startedAt: '2013-02-01T00:00:00.000Z',
  stage: 'done',
  verdict: 'held',
  reason: 'hold:schema_valid',
  entries: [snapshot],
}

it('in release show', () => {
  expect(showText(run)).toContain(
    'left out: 38 (delay outside -120..1440 minutes: row 1: delay 9999; row 91: delay 9999), 2 (the same flight a second time)',
  )
})

it('in the report', () => {
  const nothing = { candidate: null, production: null, evaluations: [], looks: [], warnings: [], project: null }
  const { text } = tupleSection({ ...nothing, run })
  for (const part of ['Left out of the snapshot', 'delay outside -120..1440 minutes', 'row 1: delay 9999; row 91:'])
    expect(text).toContain(part)
})

it('in the gate that fails because of them', () => {
  const { passed, detail } = schemaGate(manifest, [], { maxRejectedShare: 0.01 })
  expect(passed).toBe(false)
  expect(detail).toContain(
    '40 rows of the source could not be used: 38 for delay outside -120..1440 minutes (row 1: delay 9999; row 91: delay 9999), 2 for the same flight a second time',
  )
})
