import { jsonLog } from '../../workers/json-log.js'
import { logWith } from './output.js'

/** For commands that stay up: what they report is a line of JSON where SLIPWAY_LOG says so. */
export async function logAsJson(service: string): Promise<void> {
  const logger = await jsonLog(service)
  if (logger) logWith((text) => logger.info(text))
}
