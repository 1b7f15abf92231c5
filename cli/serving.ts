/** The decision service beside workers, in a process of its own: what trains and judges must not slow what answers. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../contracts/failure.js'
import type { Stoppable } from './platform.js'

export interface ServingProcess extends Stoppable {
  readonly url: string
  /** Rejects when it ends by itself. */
  readonly running: Promise<void>
}

const ENTRY = fileURLToPath(new URL('../bin/slipway.js', import.meta.url))

/** @throws SlipwayError with what it said when it does not start */
export async function startServing(environment: Readonly<Record<string, string>>): Promise<ServingProcess> {
  const child = fork(ENTRY, ['serve', '--json'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // A Ctrl-C in the terminal is for the parent, which ends this one in its turn.
    detached: true,
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
    process.stderr.write(text)
  })
  let stopping = false
  const exited = once(child, 'exit').then(() => undefined)
  const url = await Promise.race([
    once(child, 'message').then(([message]) => (message as { url: string }).url),
    exited.then(() => null),
  ])
  if (url === null) {
    const line = said.trim().split('\n').at(-1) ?? ''
    throw new SlipwayError('BadRequest', line.replace(/^slipway: /, '') || 'the decision service did not start')
  }
  const running = exited.then(() => {
    if (!stopping) throw new SlipwayError('Unavailable', `the decision service at ${url} ended: ${said.trim()}`)
  })
  running.catch(() => {})
  return {
    url,
    running,
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      await exited
    },
  }
}
