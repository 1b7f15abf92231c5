import type { ReleaseClock } from '../../contracts/clock.js'
import { bodiesOf, type EntryPart } from '../../contracts/ledger/index.js'
import type { ReleaseInput } from '../../contracts/types.js'
import type { Registry } from '../registry.js'

/**
 * The clock of a run as its entries tell: the one begun last, or its input's until one was begun. Null for a compressed release
 * whose canary has not opened: nothing has an event time by it yet.
 */
export function clockIn(entries: readonly EntryPart<never>[]): ReleaseClock | null {
  const begun = bodiesOf(entries, 'clock').at(-1)
  if (begun) return begun
  const clock = bodiesOf(entries, 'trigger')[0]?.clock
  return clock && clock.speed === 1 ? clock : null
}

/** A run's input with the clock in force; null for a run nobody knows. */
export async function inputOfRun(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId }: { readonly project: string; readonly workflowId: string },
): Promise<ReleaseInput | null> {
  const entries = await registry.ledger.entries(project, { kind: ['trigger', 'clock'], subject: workflowId })
  const [input] = bodiesOf(entries, 'trigger')
  if (!input) return null
  return { ...input, clock: clockIn(entries) ?? input.clock }
}
