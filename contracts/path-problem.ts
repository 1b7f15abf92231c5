/** Why a path of a user cannot be read, in words that follow the path. */
import type { Stats } from 'node:fs'

const BY_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of its path is a file and no folder',
  ELOOP: 'is a symbolic link that leads back to itself',
  EACCES: 'may not be read by this user; give the right to read it, with chmod or chown',
  EPERM: 'may not be read by this user; give the right to read it, with chmod or chown',
  EISDIR: 'is not a file but a folder',
  ENAMETOOLONG: 'has a name that is too long',
  ENXIO: 'is not a file but a socket or a device',
}

/** Undefined for an error that does not come from the file system. */
export function pathProblem(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined
  return BY_CODE[code] ?? `cannot be read (${code})`
}

/** Undefined for a file. Reading anything else may wait for another process, or never end. */
export function kindProblem(known: Stats): string | undefined {
  if (known.isFile()) return undefined
  const kind = known.isDirectory() ? 'folder' : known.isFIFO() ? 'named pipe' : known.isSocket() ? 'socket' : 'device'
  return `is not a file but a ${kind}`
}
