/** Processes that hold a lock or servers of a home until the test releases or kills them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Holder<Report> {
  readonly pid: number
  /** The one line of JSON that the process prints when it holds the resource. */
  readonly report: Promise<Report>
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
export function startHolder<Report>(
  main: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  folder = new URL('.', import.meta.url),
): Holder<Report> {
  const file = fileURLToPath(new URL(main, folder))
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../bin/run.js', folder)), file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const report = firstLine(child).then((line) => JSON.parse(line) as Report)
  report.catch(() => {})
  return {
    pid: child.pid ?? 0,
    report,
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
    let [stdout, stderr] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const [line, rest] = stdout.split('\n')
      if (line !== undefined && rest !== undefined) resolve(line)
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('close', () => reject(new Error(`the process ended before it held anything: ${stderr}`)))
  })
}
