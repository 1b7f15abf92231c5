import { type SpawnOptions, spawn } from 'node:child_process'
import { withoutSecrets } from '../contracts/secret-files.js'

export interface Ran {
  readonly ok: boolean
  readonly output: string
  /** Why it failed, in one line: its last line of output, the time limit, or that the command is missing. */
  readonly reason: string
}

export type RunOptions = Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid' | 'detached'> & {
  readonly timeoutMs: number
  /** Interrupts the command and its children, as Ctrl-C does. */
  readonly signal?: AbortSignal | undefined
}

const KEPT_CHARACTERS = 20_000

/** Runs a command to its end, without Slipway's secrets in its environment unless `env` is given. Never throws. */
export function run(
  command: string,
  args: readonly string[],
  { timeoutMs, signal, env = withoutSecrets(process.env), ...options }: RunOptions,
): Promise<Ran> {
  return new Promise((resolve) => {
    let output = ''
    let timedOut = false
    const child = spawn(command, args, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, timeoutMs)
    const interrupt = (): void => void child.kill('SIGINT')
    if (signal?.aborted) interrupt()
    signal?.addEventListener('abort', interrupt)
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-KEPT_CHARACTERS)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', interrupt)
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      settle()
      resolve({ ok: false, output, reason: error.code === 'ENOENT' ? `${command} was not found` : error.message })
    })
    // `exit` and not `close`: a server started by the command may keep the pipes open.
    child.once('exit', (code, killedBy) => {
      settle()
      setImmediate(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
        const reason = timedOut
          ? `not finished within ${timeoutMs / 1000} s`
          : lastLine(output) || `exit ${code ?? killedBy}`
        resolve({ ok: code === 0, output, reason: code === 0 ? '' : reason })
      })
    })
  })
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
