import type { ReleaseClock } from '../../contracts/clock.js'
import type { ReleaseInput } from '../../contracts/types.js'
import type { LedgerEntry } from '../ledger/ledger-area.js'
import type { Registry } from '../registry.js'

/**
 * The clock of a run: the clock entry recorded last, or the clock of its input when there is none. Null for a
 * compressed release whose canary has not opened: its event time has not begun.
 */
export function clockIn(entries: readonly Pick<LedgerEntry, 'kind' | 'body'>[]): ReleaseClock | null {
  const begun = entries.findLast(({ kind }) => kind === 'clock')
  if (begun) return begun.body as unknown as ReleaseClock
  const trigger = entries.find(({ kind }) => kind === 'trigger')
  const { clock } = (trigger?.body ?? {}) as Partial<ReleaseInput>
  return clock && clock.speed === 1 ? clock : null
}

/** The input of a run with the clock in force; null for an unknown run. */
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
