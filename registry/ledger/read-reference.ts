/**
 * A record of the ledger that was kept elsewhere, as entries to compare with: an export (docs/export.md), an object of
 * heads, or a notice. Only what holds by itself is compared: a file that was changed proves nothing.
 */
import { z } from 'zod'
import { digestOf } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import { headObject, type LedgerHead, ledgerHead } from '../../contracts/schemas/heads.js'

/** `whole`: every entry of these projects up to the last one; otherwise single entries. */
export interface Reference {
  readonly whole: boolean
  readonly entries: AsyncIterable<LedgerHead>
}

const exported = z.strictObject({
  ...ledgerHead.shape,
  kind: z.string(),
  subject: z.string(),
  key: z.string(),
  at: z.string(),
  body: z.string(),
  prev: z.string().nullable(),
})
const notice = z.looseObject({ id: z.string(), head: ledgerHead })

/** @param name for messages @throws SlipwayError BadRequest naming the line that is not what was written */
export async function readReference(lines: AsyncIterable<string>, name: string): Promise<Reference> {
  const iterator = lines[Symbol.asyncIterator]()
  const first = await iterator.next()
  const refuse = (why: string) => new SlipwayError('BadRequest', `--against ${name}: ${why}`)
  if (first.done || first.value.trim() === '') throw refuse('it is empty')
  const parsed = jsonOf(first.value)
  const heads = headObject.safeParse(parsed)
  if (heads.success) return { whole: false, entries: each(heads.data.heads) }
  const noticed = notice.safeParse(parsed)
  if (noticed.success) return { whole: false, entries: each([noticed.data.head]) }
  if (!exported.safeParse(parsed).success)
    throw refuse('line 1 is neither an entry of an export, nor an object of heads, nor a notice with its head')
  async function* entries(): AsyncGenerator<LedgerHead> {
    const seen = new Map<string, LedgerHead>()
    let number = 0
    for (let line = first; !line.done; line = await iterator.next()) {
      number += 1
      const entry = exported.safeParse(jsonOf(line.value))
      if (!entry.success) throw refuse(`line ${number} is not an entry; the file is truncated or changed`)
      const { hash, ...content } = entry.data
      if (digestOf(content) !== hash) throw refuse(`line ${number} does not have its hash; the file was changed`)
      const { project, seq, prev } = content
      const before = seen.get(project)
      if (seq !== (before?.seq ?? 0) + 1 || prev !== (before?.hash ?? null))
        throw refuse(`line ${number}, entry ${seq} of ${project}, does not follow the line before; a line is missing`)
      const head = { project, seq, hash }
      seen.set(project, head)
      yield head
    }
  }
  return { whole: true, entries: entries() }
}

function jsonOf(line: string): unknown {
  try {
    return parseJson(line)
  } catch {
    return undefined
  }
}

async function* each(heads: readonly LedgerHead[]): AsyncGenerator<LedgerHead> {
  yield* heads
}
