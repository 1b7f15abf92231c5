/** Another `slipway` beside this one, which ends with it: also when this one is killed, by the channel between them. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Stoppable } from './platform.js'

export interface Child extends Stoppable {
  /** Its first message; null when it ended without one. */
  readonly ready: Promise<unknown>
  /** Resolves when it has ended. */
  readonly exited: Promise<void>
  /** The end of what it said on stderr. */
  said(): string
  /** It was told to stop. */
  readonly stopping: boolean
}

const ENTRY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))

export function startChild(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onSaid: (text: string) => void,
): Child {
  const child = fork(ENTRY, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // A Ctrl-C in the terminal is for the parent, which ends this one in its turn.
    detached: true,
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
    onSaid(text)
  })
  let stopping = false
  const exited = once(child, 'exit').then(() => undefined)
  return {
    ready: Promise.race([once(child, 'message').then(([message]) => message as unknown), exited.then(() => null)]),
    exited,
    said: () => said.trim(),
    get stopping() {
      return stopping
    },
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      await exited
    },
  }
}
