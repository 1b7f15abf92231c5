import type { ReleaseClock } from '../../contracts/clock.js'
import type { ReleaseInput } from '../../contracts/types.js'
import type { LedgerEntry } from '../ledger/ledger-area.js'
import type { Registry } from '../registry.js'

/**
 * The clock of a run as its entries tell: the one begun last, or its input's until one was begun. Null for a compressed release
 * whose canary has not opened: nothing has an event time by it yet.
 */
export function clockIn(entries: readonly Pick<LedgerEntry, 'kind' | 'body'>[]): ReleaseClock | null {
  const begun = entries.findLast(({ kind }) => kind === 'clock')
  if (begun) return begun.body as unknown as ReleaseClock
  const trigger = entries.find(({ kind }) => kind === 'trigger')
  const { clock } = (trigger?.body ?? {}) as Partial<ReleaseInput>
  return clock && clock.speed === 1 ? clock : null
}

/** A run's input with the clock in force; null for a run nobody knows. */
export async function inputOfRun(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId }: { readonly project: string; readonly workflowId: string },
): Promise<ReleaseInput | null> {
  const entries = await registry.ledger.entries(project, { kind: ['trigger', 'clock'], subject: workflowId })
  const trigger = entries.find(({ kind }) => kind === 'trigger')
  if (!trigger) return null
  const input = trigger.body as unknown as ReleaseInput
  return { ...input, clock: clockIn(entries) ?? input.clock }
}
