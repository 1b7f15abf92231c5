/**
 * A child `slipway` process. It ends with this one, even if this one is killed: it watches the IPC channel between
 * them.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { withoutSecretsOfFiles } from '../../contracts/secret-files.js'
import type { Stoppable } from './platform.js'

export interface Child extends Stoppable {
  /** The first message of the child; null if it ended without sending one. */
  readonly ready: Promise<unknown>
  /** Nothing happens if the child has ended. */
  send(message: Readonly<Record<string, string>>): void
  /** Resolves when the child has ended. */
  readonly exited: Promise<void>
  /** The last 2,000 characters of its stderr. */
  errorOutput(): string
  /** True once `stop` was called. */
  readonly stopping: boolean
}

const ENTRY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))

export function startChild(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onErrorOutput: (text: string) => void,
): Child {
  const child = fork(ENTRY, args, {
    env: { ...withoutSecretsOfFiles(process.env), ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // Ctrl-C in the terminal must reach the parent only; the parent then stops the child.
    detached: true,
  })
  let errorOutput = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-2_000)
    onErrorOutput(text)
  })
  let stopping = false
  const exited = once(child, 'exit').then(() => undefined)
  return {
    ready: Promise.race([once(child, 'message').then(([message]) => message as unknown), exited.then(() => null)]),
    // The callback takes the error: without one it would be thrown by the child's object.
    send: (message) => void child.send(message, () => {}),
    exited,
    errorOutput: () => errorOutput.trim(),
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
