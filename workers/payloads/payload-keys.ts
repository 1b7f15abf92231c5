/** Keys for the payloads of Temporal: a JSON file with the active key and those that can still be read. */
import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import { isWaitOver } from '../../contracts/wait-over.js'

const KEY_BYTES = 32
const keysFile = z.strictObject({
  active: z.string().min(1).max(100),
  keys: z.record(z.string().min(1).max(100), z.string()),
})

export interface PayloadKeys {
  /** What is written is encrypted with this key. */
  readonly active: { readonly id: string; readonly key: Buffer }
  /** 32 bytes each, by id. */
  readonly all: ReadonlyMap<string, Buffer>
}

/** @throws SlipwayError BadRequest naming the file and what is wrong; never a part of a key */
export function readPayloadKeys(path: string): PayloadKeys {
  const wrong = (problem: string, cause?: unknown) =>
    new SlipwayError('BadRequest', `SLIPWAY_PAYLOAD_KEYS is "${path}": ${problem}`, { cause })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw wrong(`it cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  const parsed = keysFile.safeParse(jsonOf(text))
  if (!parsed.success) throw wrong('it must be {"active": ID, "keys": {ID: 32 bytes in base64}}')
  const all = new Map(Object.entries(parsed.data.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]))
  for (const [id, key] of all)
    if (key.length !== KEY_BYTES)
      throw wrong(`key "${id}" has ${key.length} bytes, not ${KEY_BYTES}; make one with: openssl rand -base64 32`)
  const key = all.get(parsed.data.active)
  if (!key) throw wrong(`the active key "${parsed.data.active}" is not among its keys`)
  return { active: { id: parsed.data.active, key }, all }
}

/** Undefined, which no schema accepts, for what is no JSON. A parser's message would quote a part of a key. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** Wall ms between two looks whether the file has changed. */
const LOOK_MS = 2_000

/** @param missing id of a key that another process has used, and that is not known yet: the file is checked at once */
export type FollowedKeys = (missing?: string) => PayloadKeys

/**
 * The keys of a file, read again when it has changed: a key is added while everything runs. A file that has become
 * wrong is reported once, and the last good keys stay.
 * @throws SlipwayError BadRequest if it is wrong now
 */
export function followPayloadKeys(path: string, onProblem: (text: string) => void = () => {}): FollowedKeys {
  let keys = readPayloadKeys(path)
  let version = versionOf(path)
  let lookedAt = Date.now()
  return (missing) => {
    if (missing === undefined && !isWaitOver(lookedAt, Date.now(), LOOK_MS)) return keys
    lookedAt = Date.now()
    const found = versionOf(path)
    if (found === version) return keys
    version = found
    try {
      keys = readPayloadKeys(path)
    } catch (error) {
      onProblem(`${errorText(error)}; the keys read before stay in use`)
    }
    return keys
  }
}

function versionOf(path: string): string {
  try {
    const { mtimeMs, ino, size } = statSync(path)
    return `${mtimeMs} ${ino} ${size}`
  } catch {
    return 'absent'
  }
}
