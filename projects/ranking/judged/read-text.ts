/** Reads a user's file, plain or gzipped, as a whole. */
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { sha256 } from '../../../contracts/canonical.js'
import { errorText } from '../../../contracts/error-text.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { DeepJson, parseJson } from '../../../contracts/json-text.js'
import { textOf } from '../../../contracts/utf8.js'
import { MOST_TEXT_BYTES } from '../../kit/file-limits.js'
import { gzipProblem } from '../../kit/gzip-problem.js'
import { tooLarge, wholeFile } from '../../kit/whole-file.js'

export interface TextFile {
  readonly name: string
  readonly text: string
  readonly sha256: string
  /** Size on disk. */
  readonly bytes: number
}

export const bad = (name: string, problem: string): SlipwayError => new SlipwayError('BadData', `${name} ${problem}`)

/** @throws SlipwayError BadData when it is empty, truncated or not UTF-8 */
export async function readText(path: string): Promise<TextFile> {
  const name = basename(path)
  const bytes = await wholeFile(path, 'give the folder with its two files')
  if (bytes.length === 0) throw bad(name, 'is empty; give the whole file')
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await unzip(name, bytes) : bytes
  return { name, text: textIn(name, plain), sha256: sha256(bytes), bytes: bytes.length }
}

function textIn(name: string, bytes: Buffer): string {
  try {
    return textOf(bytes)
  } catch (error) {
    throw bad(name, `cannot be read: ${errorText(error)}`)
  }
}

async function unzip(name: string, bytes: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MOST_TEXT_BYTES })
  } catch (error) {
    if (error instanceof RangeError) throw bad(name, tooLarge('unpacked'))
    throw bad(name, gzipProblem(error) ?? `cannot be unzipped: ${errorText(error)}`)
  }
}

/** @param otherwise what is said of text that is no JSON @throws SlipwayError BadData */
export function parsedJson(name: string, text: string, place: string, otherwise: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw bad(name, error instanceof DeepJson ? `${place}cannot be read: ${error.message}` : `${place}${otherwise}`)
  }
}

/** The first thing a schema found wrong, with the value that is there. */
export function firstProblem(issues: readonly { path: PropertyKey[]; message: string }[], value: unknown): string {
  const issue = issues[0]
  const at = issue?.path ?? []
  const found = at.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value)
  const shown = found === undefined ? 'missing' : JSON.stringify(found).slice(0, 80)
  return `${at.join('.') || 'the row'} is ${shown}: ${issue?.message}`
}
