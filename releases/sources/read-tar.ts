/** Reads tar files, those of Slipway and those that other programs write. Whatever is no file or folder is refused. */
import { type FileHandle, open } from 'node:fs/promises'
import { SlipwayError } from '../../contracts/failure.js'
import { textOf } from '../../contracts/utf8.js'
import { CHECKSUM, checksum } from './tar-file.js'

const BLOCK = 512
/** Of a name that is written as a record of its own. */
const MOST_RECORD_BYTES = 64 * 1024

/** Where a file lies in the archive. */
export interface ArchivedFile {
  readonly name: string
  readonly start: number
  readonly bytes: number
}

interface Header {
  readonly name: Buffer
  readonly bytes: number
  readonly type: string
}

/**
 * @param path of the archive
 * @throws SlipwayError BadData when it is damaged, cut off or no tar, or has links, devices or parts of files
 */
export async function archivedFiles(path: string): Promise<ArchivedFile[]> {
  const archive = await open(path, 'r')
  try {
    return await filesOf(archive, (await archive.stat()).size)
  } finally {
    await archive.close()
  }
}

async function filesOf(archive: FileHandle, size: number): Promise<ArchivedFile[]> {
  const files: ArchivedFile[] = []
  let longName: string | undefined
  let longSize: number | undefined
  for (let at = 0; at + BLOCK <= size; ) {
    const block = await part(archive, at, BLOCK)
    if (block.every((byte) => byte === 0)) return files
    const header = headerOf(block, at)
    const name = longName ?? text(header.name)
    const start = at + BLOCK
    const bytes = longSize ?? header.bytes
    if (start + bytes > size) throw bad(`it ends in the middle of ${name}`)
    at = start + Math.ceil(bytes / BLOCK) * BLOCK
    if (header.type === 'g' || header.type === 'K') continue
    if (header.type === 'x' || header.type === 'L') {
      if (bytes > MOST_RECORD_BYTES) throw bad(`a record at byte ${start} has ${bytes} bytes`)
      const record = await part(archive, start, bytes)
      if (header.type === 'L') longName = text(record)
      else ({ path: longName = longName, size: longSize = longSize } = extended(record))
      continue
    }
    longName = undefined
    longSize = undefined
    if (header.type === '5') continue
    if (header.type !== '0' && header.type !== '\0') throw bad(`${name} is ${KINDS[header.type] ?? 'not a file'}`)
    // Of the oldest programs: a folder is a file whose name ends so.
    if (name.endsWith('/')) continue
    files.push({ name, start, bytes })
  }
  throw bad('it has no end')
}

const KINDS: Readonly<Record<string, string>> = { '1': 'a link', '2': 'a symbolic link', S: 'a sparse file' }

function headerOf(block: Buffer, at: number): Header {
  if (number(block.subarray(CHECKSUM, CHECKSUM + 8)) !== checksum(block)) throw bad(`no header at byte ${at}`)
  const bytes = number(block.subarray(124, 136))
  if (bytes === undefined) throw bad(`the header at byte ${at} has no size`)
  // GNU's own form keeps times where POSIX has the begin of a long name.
  const prefix = block.subarray(257, 263).equals(Buffer.from('ustar\0')) ? ended(block.subarray(345, 500)) : EMPTY
  const name = ended(block.subarray(0, 100))
  const whole = prefix.length === 0 ? name : Buffer.concat([prefix, SLASH, name])
  return { name: whole, bytes, type: String.fromCharCode(block[156] ?? 0) }
}

const EMPTY = Buffer.alloc(0)
const SLASH = Buffer.from('/')

/** Up to the first zero byte. */
function ended(field: Buffer): Buffer {
  const end = field.indexOf(0)
  return end < 0 ? field : field.subarray(0, end)
}

/** Octal digits, or, where the first bit is set, a number of 95 bits. */
function number(field: Buffer): number | undefined {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f)
    return Number.isSafeInteger(value) ? value : undefined
  }
  const digits = ended(field).toString('latin1').trim()
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined
}

/** Records `LENGTH NAME=VALUE`. */
function extended(record: Buffer): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {}
  for (let at = 0; at < record.length; ) {
    const space = record.indexOf(0x20, at)
    const length = Number(record.subarray(at, space).toString('latin1'))
    const line = record.subarray(space + 1, at + length - 1)
    const equals = line.indexOf(0x3d)
    if (space < 0 || !Number.isSafeInteger(length) || length <= space - at || equals < 0)
      throw bad('a record is damaged')
    const [name, value] = [line.subarray(0, equals).toString('latin1'), line.subarray(equals + 1)]
    if (name === 'path') found.path = text(value)
    if (name === 'size') found.size = sizeOf(value)
    if (name.startsWith('GNU.sparse')) throw bad('it has a sparse file')
    at += length
  }
  return found
}

function sizeOf(value: Buffer): number {
  const digits = value.toString('latin1')
  const size = /^\d+$/.test(digits) ? Number(digits) : Number.NaN
  if (!Number.isSafeInteger(size)) throw bad('a record is damaged')
  return size
}

function text(name: Buffer): string {
  try {
    return textOf(ended(name))
  } catch {
    throw bad(`the name "${ended(name).toString('latin1')}" is not UTF-8`)
  }
}

async function part(archive: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await archive.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw bad('it is not complete')
  return buffer
}

const bad = (why: string): SlipwayError => new SlipwayError('BadData', `the tar file cannot be used: ${why}`)
