import type { ReleaseClock } from '../../contracts/clock.js'
import { bodiesOf, type EntryPart } from '../../contracts/ledger/index.js'
import type { ReleaseInput } from '../../contracts/types.js'
import type { Registry } from '../registry.js'

/**
 * The clock of a run: the clock entry recorded last, or the clock of its input when there is none. Null for a
 * compressed release whose canary has not opened: its event time has not begun.
 */
export function clockIn(entries: readonly EntryPart<never>[]): ReleaseClock | null {
  const begun = bodiesOf(entries, 'clock').at(-1)
  if (begun) return begun
  const clock = bodiesOf(entries, 'trigger')[0]?.clock
  return clock && clock.speed === 1 ? clock : null
}

/** The input of a run with the clock in force; null for an unknown run. */
export async function inputOfRun(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId }: { readonly project: string; readonly workflowId: string },
): Promise<ReleaseInput | null> {
  const entries = await registry.ledger.entries(project, { kind: ['trigger', 'clock'], subject: workflowId })
  const [input] = bodiesOf(entries, 'trigger')
  if (!input) return null
  return { ...input, clock: clockIn(entries) ?? input.clock }
}
