/** A `slipway` command that keeps running, as a process, with everything it started. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { endProcess, isAlive } from '../../embedded/processes.js'

const ENTRY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))

export interface RunningSlipway {
  readonly pid: number
  /** Output of both streams so far. */
  output(): string
  /** Waits for a text on either stream. @throws Error with the output when the process ends before */
  until(pattern: RegExp): Promise<RegExpExecArray>
  /** All descendants, and the servers of its home, which are detached. */
  processes(): Promise<number[]>
  signal(name: NodeJS.Signals): void
  /** Exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** For afterAll: ends every process that is left. */
  clear(): Promise<void>
}

export function startSlipway(
  args: readonly string[],
  home: string,
  environment: Readonly<Record<string, string>>,
  node = process.execPath,
): RunningSlipway {
  const env = { ...process.env, ...environment, SLIPWAY_HOME: home }
  const child = spawn(node, [ENTRY, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let over = false
  const keep = (text: string) => {
    output += text
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const ended = once(child, 'close').then(([code]) => {
    over = true
    return code as number | null
  })
  const pid = child.pid ?? 0
  const processes = async () => [...(await descendants(pid)), ...serversOf(home)]
  return {
    pid,
    output: () => output,
    async until(pattern) {
      for (;;) {
        const found = pattern.exec(output)
        if (found) return found
        if (over) throw new Error(`the process ended without printing ${pattern}:\n${output}`)
        await pause(25)
      }
    },
    processes,
    signal: (name) => process.kill(pid, name),
    ended,
    async clear() {
      const all = [pid, ...(await processes())]
      for (const one of all) if (await isAlive(one)) await endProcess(one)
    },
  }
}

export async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

/** Process ids of Temporal and PostgreSQL, read from the files of the home. */
export function serversOf(home: string): number[] {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  const temporal = (JSON.parse(read(join(home, 'temporal.json')) || '{}') as { pid?: number }).pid
  const { base } = JSON.parse(read(join(home, 'postgres.json')) || '{}') as { base?: string }
  const postgres = base === undefined ? Number.NaN : Number.parseInt(read(join(base, 'data', 'postmaster.pid')), 10)
  return [temporal ?? Number.NaN, postgres].filter((pid) => Number.isInteger(pid))
}

export async function aliveOf(pids: readonly number[]): Promise<number[]> {
  const alive = await Promise.all(pids.map(isAlive))
  return pids.filter((_, index) => alive[index])
}
