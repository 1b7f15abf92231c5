/** The edge between PostgreSQL's failures and Slipway's: a database that is away is worth another try, with a way out. */
import { SlipwayError } from '../../contracts/failure.js'

const AWAY = new Set([
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
/** SQLSTATE classes: connection exceptions, wrong login, no such database, too many connections, operator intervention. */
const AWAY_STATES = ['08', '28', '3D', '53', '57P']
const AWAY_WORDS = /timeout|Connection terminated|connection error|not queryable|SSL/i

const said = (error: Error & { errors?: Error[] }): string =>
  (error.message || error.errors?.[0]?.message || error.name).split('\n')[0] ?? ''

function isAway(error: Error & { code?: string }): boolean {
  const { code } = error
  if (code === undefined) return AWAY_WORDS.test(error.message)
  return AWAY.has(code) || AWAY_STATES.some((state) => code.startsWith(state))
}

export function toSlipwayError(error: unknown, address: string): unknown {
  if (!(error instanceof Error) || error instanceof SlipwayError || !isAway(error)) return error
  const advice = 'check SLIPWAY_DATABASE_URL and that the server runs, or unset it to use the embedded one'
  return new SlipwayError('Unavailable', `no registry database at ${address}: ${said(error)}; ${advice}`, {
    cause: error,
  })
}

/** Wraps every function, so that each failure on the way to the database leaves as the same one. */
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
