/**
 * Compares the ledgers with the newest objects of heads in the artifact store (docs/decisions/132), so that a ledger
 * which was rewritten to its end is found by a plain `registry verify` too.
 */

import { sha256 } from '../../contracts/canonical.js'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import { type HeadObject, headObject } from '../../contracts/schemas/heads.js'
import type { NamedObjects } from '../artifacts/named-objects.js'
import type { Database } from '../database/connect.js'
import { databaseTime } from './append-entries.js'
import { createComparison } from './compare-ledger.js'
import type { Problem, Verification } from './ledger-area.js'
import { nameOfHeads, SEARCHED_DAYS } from './record-heads.js'

/** A ledger that was rewritten more than a day ago agrees with the newest object, which was written after it. */
const MOST_OBJECTS = 31
/** Of problems of an object itself. */
const EVERY_PROJECT = '*'

interface Stored {
  readonly name: string
  readonly bytes: Uint8Array
}

export async function verifyHeads(
  db: Database,
  objects: NamedObjects,
): Promise<{ heads: Verification['heads']; problems: readonly Problem[] }> {
  let newest: Stored[]
  try {
    newest = await newestObjects(objects, await databaseTime(db))
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.type !== 'Unavailable') throw error
    return { heads: { objects: 0, oldest: null, unread: errorText(error) }, problems: [] }
  }
  const problems: Problem[] = []
  const differing = new Map<string, Problem>()
  // Newest first: of several objects that a project differs from, the oldest is nearest to what was changed.
  for (const [index, { name, bytes }] of newest.entries()) {
    const object = parsed(bytes)
    if (!object) {
      problems.push({ project: EVERY_PROJECT, seq: 0, what: `${name} is not an object of heads: it was changed` })
      continue
    }
    const before = newest[index + 1]
    if (before && object.previous?.name === before.name && object.previous.digest !== sha256(before.bytes))
      problems.push({ project: EVERY_PROJECT, seq: 0, what: `${before.name} is not the object that ${name} continues` })
    const { differences } = await createComparison(db).compare(oneLine(object), name)
    for (const one of differences) differing.set(one.project, { ...one, what: `${one.what} (compared with ${name})` })
  }
  const heads = { objects: newest.length, oldest: newest.at(-1)?.name ?? null, unread: null }
  return { heads, problems: [...problems, ...differing.values()] }
}

/** Newest first; a month at a time, because most days have one. */
async function newestObjects(objects: NamedObjects, now: number): Promise<Stored[]> {
  const found: Stored[] = []
  for (let day = 0; day <= SEARCHED_DAYS && found.length < MOST_OBJECTS; day += MOST_OBJECTS) {
    const names = Array.from({ length: MOST_OBJECTS }, (_, index) => nameOfHeads(utcDay(now - (day + index) * DAY_MS)))
    const read = await Promise.all(names.map(async (name) => ({ name, bytes: await objects.read(name) })))
    found.push(...read.flatMap(({ name, bytes }) => (bytes === null ? [] : [{ name, bytes }])))
  }
  return found.slice(0, MOST_OBJECTS)
}

function parsed(bytes: Uint8Array): HeadObject | undefined {
  try {
    return headObject.parse(parseJson(Buffer.from(bytes).toString()))
  } catch {
    return undefined
  }
}

async function* oneLine(object: HeadObject): AsyncGenerator<string> {
  yield JSON.stringify(object)
}
