/** Rows of a source that are left out, counted by reason, with the first few of each. */
import type { SnapshotManifest } from '../../contracts/types.js'

const EXAMPLES = 3

export type LeftOut = SnapshotManifest['rejected'][number]

export function countLeftOut() {
  const reasons = new Map<string, { rows: number; examples: string[] }>()
  return {
    /** @param example where the row is and what it holds; made only where it is kept */
    add(reason: string, example: () => string): void {
      const known = reasons.get(reason) ?? { rows: 0, examples: [] }
      known.rows += 1
      if (known.examples.length < EXAMPLES) known.examples.push(example())
      reasons.set(reason, known)
    },
    list: (): LeftOut[] => [...reasons].map(([reason, { rows, examples }]) => ({ reason, rows, examples })),
  }
}

/** `38 for delay outside -120..1440 minutes (row 1: …, row 91: …)`, for a message. */
export const leftOutList = (list: readonly LeftOut[]): string =>
  list
    .map(({ reason, rows, examples }) => `${rows} for ${reason}${examples ? ` (${examples.join('; ')})` : ''}`)
    .join(', ')
