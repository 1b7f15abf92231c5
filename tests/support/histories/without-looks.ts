/** Runs whose looks fail until their deadline has passed: a canary, and a probation. Recorded on a clock that skips. */
import { toyPolicy } from '../../toy-project/policy.js'
import type { FailingLooks } from '../failing-looks.js'
import { eventuallyAfterDays, looksOf, resultOf, stateOf } from '../steer.js'

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
export const longProbation = { ...toyPolicy, probation: { holdback: 1_000, lasts: '10d' } }

/** @returns the runs whose histories are kept, by file name */
export async function withoutLooks({ on, failUntil }: FailingLooks): Promise<Record<string, string>> {
  const canary = await on.start('canary-without-looks', { policy: undecidable })
  await eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, canary)).length > 0)
  failUntil(Number.POSITIVE_INFINITY)
  const held = await resultOf(on, canary)
  if (held.reason !== 'hold:deadline:no_look') throw new Error(`${canary} ended as ${held.reason}`)
  failUntil(0)
  const probation = await on.start('probation-without-looks', { policy: longProbation })
  await eventuallyAfterDays(on, 'the probation', async () => (await stateOf(on, probation)).stage === 'probation')
  failUntil(Number.POSITIVE_INFINITY)
  await resultOf(on, probation)
  const [verdict] = await on.registry.ledger.entries('toy', { kind: 'verdict', subject: probation })
  const reason = verdict?.body.reason
  if (reason !== 'probation_unwatched:no_look') throw new Error(`${probation} ended as ${reason}`)
  return { 'canary-without-looks': canary, 'probation-without-looks': probation }
}
