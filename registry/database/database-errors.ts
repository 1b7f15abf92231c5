/** Translates failures of PostgreSQL: an unreachable database becomes a retryable SlipwayError with a remedy. */
import { SlipwayError } from '../../contracts/failure.js'

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
  'EACCES',
])
/**
 * SQLSTATE classes: connection exceptions, wrong login, no such database, too many connections, operator intervention;
 * and a transaction that was ended because its process was silent.
 */
const UNREACHABLE_STATES = ['08', '28', '3D', '53', '57P', '25P03']
/** By the statement time-out, or by an administrator. */
const QUERY_CANCELLED = '57014'
const UNREACHABLE_TEXTS = /timeout|Connection terminated|connection error|not queryable|SSL/i

/**
 * SQLSTATE classes that depend on the values of a row: data, integrity, a limit, an exception of a trigger. All others,
 * such as a deadlock or a missing permission, say nothing about it.
 */
const REFUSED_STATES = ['22', '23', '54', 'P0001']

/** The row will be refused again, whenever it is written. */
export function isRefusedRow(error: unknown): boolean {
  if (error instanceof SlipwayError) return error.type === 'BadRequest'
  if (error instanceof RangeError || error instanceof TypeError) return true
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && REFUSED_STATES.some((state) => code.startsWith(state))
}

const firstLine = (error: Error & { errors?: Error[] }): string =>
  (error.message || error.errors?.[0]?.message || error.name).split('\n')[0] ?? ''

function isUnreachable(error: Error & { code?: unknown }): boolean {
  const { code } = error
  // An aborted signal's error has a number.
  if (typeof code !== 'string') return code === undefined && UNREACHABLE_TEXTS.test(error.message)
  return UNREACHABLE.has(code) || UNREACHABLE_STATES.some((state) => code.startsWith(state))
}

export function toSlipwayError(error: unknown, address: string): unknown {
  if (!(error instanceof Error) || error instanceof SlipwayError) return error
  if ((error as { code?: unknown }).code === QUERY_CANCELLED)
    return new SlipwayError(
      'Unavailable',
      `the registry database at ${address} did not answer in time: ${firstLine(error)}`,
      {
        cause: error,
      },
    )
  if (!isUnreachable(error)) return error
  const advice = 'check SLIPWAY_DATABASE_URL and that the server runs, or unset it to use the embedded one'
  return new SlipwayError('Unavailable', `no registry database at ${address}: ${firstLine(error)}; ${advice}`, {
    cause: error,
  })
}

/** Wraps every function, so that an unreachable database is reported in the same way by all of them. */
export function withAddress<Functions extends object>(functions: Functions, address: string): Functions {
  const wrapped = Object.entries(functions).map(([name, run]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (run as (...all: unknown[]) => Promise<unknown>)(...args)
      } catch (error) {
        throw toSlipwayError(error, address)
      }
    },
  ])
  return Object.fromEntries(wrapped) as Functions
}
