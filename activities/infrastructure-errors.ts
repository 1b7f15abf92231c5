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

export const isInfrastructure = (error: unknown): boolean =>
  causesOf(error).some((cause) => cause.name === 'TimeoutError' || CODES.has(codeOf(cause)))

/**
 * The error that no name server knows a host. For the address of a service that is a time without it; for an address
 * that a project reads its data from it may be a wrong name, which no waiting makes right.
 */
export const unknownHost = (error: unknown): Error | undefined =>
  causesOf(error).find((cause) => codeOf(cause) === 'ENOTFOUND')

function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let found = error; found instanceof Error && causes.length < DEEPEST; found = found.cause) causes.push(found)
  return causes
}

const codeOf = (error: Error): string => String((error as NodeJS.ErrnoException).code)
