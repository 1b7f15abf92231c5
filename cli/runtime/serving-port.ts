import { decimalOf } from '../../contracts/decimal.js'
import { SlipwayError } from '../../contracts/failure.js'
import { isPortFree } from '../../embedded/free-port.js'

const DEFAULT_PORT = 7070
const TRIES = 20

/**
 * The decision service's port: the requested one, else SLIPWAY_PORT, else 7070 or the next free port.
 * @throws SlipwayError BadRequest if the requested port is in use or invalid
 */
export async function servingPort(
  requested: number | undefined,
  host: string,
): Promise<{ port: number; instead: boolean }> {
  const named = requested ?? fromEnvironment()
  if (named !== undefined) {
    if (named !== 0 && !(await isPortFree(named, host)))
      throw new SlipwayError('BadRequest', `port ${named} is in use; set SLIPWAY_PORT to a free port, or unset it`)
    return { port: named, instead: false }
  }
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + TRIES; port += 1) {
    if (await isPortFree(port, host)) return { port, instead: port !== DEFAULT_PORT }
  }
  throw new SlipwayError(
    'BadRequest',
    `ports ${DEFAULT_PORT} to ${DEFAULT_PORT + TRIES - 1} are all in use; set SLIPWAY_PORT to a free port`,
  )
}

function fromEnvironment(): number | undefined {
  const text = process.env.SLIPWAY_PORT
  if (!text) return undefined
  const port = decimalOf(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new SlipwayError('BadRequest', `SLIPWAY_PORT is "${text}"; it must be a number from 0 to 65535`)
}
