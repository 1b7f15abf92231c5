/** Runs the decision service in its own process, so that training and judging do not slow its answers. */
import { SlipwayError } from '../../contracts/failure.js'
import { startChild } from './child.js'
import type { Stoppable } from './platform.js'

export interface ServingProcess extends Stoppable {
  readonly url: string
  /** Rejects when the service ends by itself. */
  readonly running: Promise<void>
}

export interface StartingServing extends Stoppable {
  /**
   * @param environment what it needs besides the environment of this process
   * @throws SlipwayError with the service's last error line when it does not start
   */
  open(environment: Readonly<Record<string, string>>): Promise<ServingProcess>
}

/** Starts the process, which loads its modules and opens nothing yet. */
export function startServing(): StartingServing {
  const child = startChild(['serve', '--json', '--from-parent'], {}, (text) => process.stderr.write(text))
  return {
    stop: child.stop,
    async open(environment) {
      child.send(environment)
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
    },
  }
}
