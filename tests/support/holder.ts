/** Processes that hold something of a home until they are told to let go, or are killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Holder<Told> {
  readonly pid: number
  /** The one line of JSON it says when it holds it. */
  readonly told: Promise<Told>
  letGo(): Promise<number | null>
  kill(): Promise<void>
}

export interface HeldServers {
  readonly url: string
  readonly pid: number
  readonly adopted: boolean
  readonly temporal?: number
  readonly temporalAdopted?: boolean
}

/** @param main a file of this folder */
export function startHolder<Told>(
  main: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  folder = new URL('.', import.meta.url),
): Holder<Told> {
  const file = fileURLToPath(new URL(main, folder))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const told = firstLine(child).then((line) => JSON.parse(line) as Told)
  told.catch(() => {})
  return {
    pid: child.pid ?? 0,
    told,
    async letGo() {
      child.stdin.end()
      return ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [said, complained] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [line, rest] = said.split('\n')
      if (line !== undefined && rest !== undefined) resolve(line)
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complained += text
    })
    child.once('close', () => reject(new Error(`it ended and held nothing: ${complained}`)))
  })
}
