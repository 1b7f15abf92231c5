/** Errors of networks, disks and other services: they say nothing about the data or the trainer. */

const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
  // A full or failing disk, and too many open files.
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EROFS',
  'EMFILE',
  'ENFILE',
])

/** `fetch` and clients of other services wrap the error that has the code. */
const DEEPEST = 5

export function isInfrastructure(error: unknown): boolean {
  for (let depth = 0, found = error; found instanceof Error && depth < DEEPEST; depth += 1, found = found.cause) {
    if (found.name === 'TimeoutError') return true
    if (CODES.has(String((found as NodeJS.ErrnoException).code))) return true
  }
  return false
}
