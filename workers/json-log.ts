/** `SLIPWAY_LOG=json`: one JSON object a line on stderr, for what collects the logs of containers. */
import type { Logger } from 'pino'
import { SlipwayError } from '../contracts/failure.js'

/** Undefined where lines are for people. The package is loaded only where it is used. */
export async function jsonLog(name: string, env = process.env): Promise<Logger | undefined> {
  const format = env.SLIPWAY_LOG
  if (!format || format === 'text') return undefined
  if (format !== 'json') throw new SlipwayError('BadRequest', `SLIPWAY_LOG is "${format}"; it must be json or text`)
  const { destination, pino, stdTimeFunctions } = await import('pino')
  const formatters = { level: (level: string) => ({ level }) }
  const base = { service: name, pid: process.pid }
  // Written at once: the last line before an end is the one that is looked for.
  return pino({ base, formatters, timestamp: stdTimeFunctions.isoTime }, destination({ fd: 2, sync: true }))
}
