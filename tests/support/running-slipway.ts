/** A `slipway` command that stays up, in a process of its own, and all that it started. */
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
  /** Everything it said so far, on both streams. */
  said(): string
  /** Waits for words on either stream; fails with all that was said when it ends before. */
  until(words: RegExp): Promise<RegExpExecArray>
  /** Its children and theirs, and the servers of its home, which are nobody's children. */
  processes(): Promise<number[]>
  signal(name: NodeJS.Signals): void
  /** Exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** For afterAll: whatever happened, nothing is left. */
  clear(): Promise<void>
}

export function startSlipway(
  args: readonly string[],
  home: string,
  environment: Readonly<Record<string, string>>,
): RunningSlipway {
  const env = { ...process.env, ...environment, SLIPWAY_HOME: home }
  const child = spawn(process.execPath, [ENTRY, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let over = false
  const keep = (text: string) => {
    said += text
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
    said: () => said,
    async until(words) {
      for (;;) {
        const found = words.exec(said)
        if (found) return found
        if (over) throw new Error(`it ended without ${words}:\n${said}`)
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

async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

/** Temporal and PostgreSQL, by what they write down of themselves. */
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
