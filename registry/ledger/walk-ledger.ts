import { type EntryRow, hashedOf, hashOf } from './entry-hash.js'
import type { Problem } from './ledger-area.js'

/** Checks one project's ledger in order of sequence numbers. */
export function createWalk(project: string) {
  let seq = 0
  let hash: string | null = null
  const problem = (at: number, what: string): Problem => ({ project, seq: at, what })

  return {
    step(row: EntryRow): Problem[] {
      const entry = hashedOf(row)
      const found: Problem[] = []
      const gap = entry.seq - seq - 1
      if (gap > 0)
        found.push(problem(seq + 1, `${gap === 1 ? 'one entry is' : `${gap} entries are`} missing before ${entry.seq}`))
      if (gap < 0) found.push(problem(entry.seq, 'its sequence number is invalid'))
      if (hashOf(entry) !== row.hash)
        found.push(problem(entry.seq, `altered: "${entry.key}" does not have the hash it was recorded with`))
      if (gap === 0 && entry.prev !== hash)
        found.push(problem(entry.seq, 'does not follow the entry before it: altered, replaced or reordered'))
      seq = entry.seq
      hash = row.hash
      return found
    },

    end(head: { seq: number; hash: string } | undefined): Problem[] {
      if (!head) return [problem(seq, 'the record of the newest entry is missing')]
      if (head.seq > seq)
        return [problem(seq + 1, `removed: the newest entry was ${head.seq}, the last remaining one is ${seq}`)]
      if (head.seq < seq) return [problem(seq, `the newest entry should be ${head.seq}`)]
      return head.hash === hash ? [] : [problem(seq, 'is not the entry that was recorded as the newest')]
    },
  }
}
