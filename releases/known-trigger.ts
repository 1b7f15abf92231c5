/** The release that a trigger has started already, by the chain, and what of a second request for it does not count. */

import { type Asked, type Difference, differences } from '../contracts/release-content.js'
import { type KnownRelease, knownRelease, type Registry } from '../registry/index.js'

export interface Recorded extends KnownRelease {
  /** Null where the chain does not say what it was started with. */
  readonly differs: readonly Difference[] | null
}

export async function recorded(
  registry: Pick<Registry, 'ledger'>,
  ref: { readonly project: string; readonly trigger: string },
  asked: Asked,
): Promise<Recorded | null> {
  const known = await knownRelease(registry, ref)
  return known && { ...known, differs: known.input && differences(known.input, asked) }
}

export const knownText = (workflowId: string, differs: Recorded['differs']): string =>
  [
    `${workflowId} exists already: one trigger is one release, as it was first asked for`,
    ...(differs ?? []).map(
      ({ field, first, asked }) => `  ${field} ${word(asked)} does not count; it has ${word(first)}`,
    ),
  ].join('\n')

const word = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
