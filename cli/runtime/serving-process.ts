/** Runs the decision service in its own process, so that training and judging do not slow its answers. */
import { SlipwayError } from '../../contracts/failure.js'
import { startChild } from './child.js'
import type { Stoppable } from './platform.js'

export interface ServingProcess extends Stoppable {
  readonly url: string
  /** Rejects when the service ends by itself. */
  readonly running: Promise<void>
}

/** @throws SlipwayError with the service's last error line when it does not start */
export async function startServing(environment: Readonly<Record<string, string>>): Promise<ServingProcess> {
  const child = startChild(['serve', '--json'], environment, (text) => process.stderr.write(text))
  const message = (await child.ready) as { url: string } | null
  if (message === null) {
    const line = child.errorOutput().split('\n').at(-1) ?? ''
    throw new SlipwayError('BadRequest', line.replace(/^slipway: /, '') || 'the decision service did not start')
  }
  const { url } = message
  const running = child.exited.then(() => {
    if (!child.stopping)
      throw new SlipwayError('Unavailable', `the decision service at ${url} ended: ${child.errorOutput()}`)
  })
  running.catch(() => {})
  return { url, running, stop: child.stop }
}
