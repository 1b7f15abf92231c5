/**
 * A machine that is slow enough to pause a rehearsal also answers queries slowly; the pause is resumed nevertheless.
 */
import type { Client } from '@temporalio/client'
import { expect, it } from 'vitest'
import { answerPause } from '../../cli/demo/answer-pause.js'
import type { EntryBody } from '../../contracts/ledger/index.js'
import type { MonitorSignal } from '../../contracts/types.js'
import type { ReleaseRunRecord } from '../../registry/index.js'

const signals = [{ name: 'p99', clock: 'service_health', power: 'pause' }] as unknown as readonly MonitorSignal[]
const body = { judgement: { action: 'pause', reason: 'breach:p99' } } as EntryBody<'judgement'>
const pause = { kind: 'judgement' as const, seq: 7, body }

it('a failed query is repeated until the release is resumed', async () => {
  const answers = [
    new Error('Failed to query Workflow'),
    { stage: 'canary', paused: false },
    { stage: 'canary', paused: true },
  ]
  const sent: unknown[] = []
  const handle = {
    async query() {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    async executeUpdate(_update: unknown, { args }: { args: unknown[] }) {
      sent.push(...args)
      return { accepted: true }
    },
  }
  const client = { workflow: { getHandle: () => handle } } as unknown as Client
  const registry = { runs: { get: async () => ({ verdict: null, entries: [] }) as unknown as ReleaseRunRecord } }
  expect(await answerPause({ client, registry }, 'release/eta/x', signals, pause)).toBe(true)
  expect(sent).toEqual([
    {
      id: 'demo:release/eta/x:7',
      action: 'resume',
      by: 'slipway demo',
      reason: expect.stringContaining('p99') as string,
    },
  ])
})
