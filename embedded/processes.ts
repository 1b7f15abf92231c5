/** Facts about a process by its id: from /proc on Linux, from `ps` elsewhere. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const POLL_MS = 25

/** A zombie counts as dead: in a container whose first process does not reap children, it keeps its id permanently. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  return state !== 'Z' && state !== 'X'
}

/**
 * The command line, or undefined when it cannot be read. It distinguishes a server of Slipway from another process that
 * received the same id later.
 */
export async function commandOf(pid: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
  } catch {
    if (process.platform === 'linux') return undefined
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])
    return stdout.trim()
  } catch {
    return undefined
  }
}

export async function waitForEnd(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (await isAlive(pid)) {
    if (Date.now() >= deadline) return false
    await pause(POLL_MS)
  }
  return true
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Sends SIGTERM, and SIGKILL when the process has not ended within `graceMs`. */
export async function endProcess(pid: number, graceMs = 10_000): Promise<void> {
  signal(pid, 'SIGTERM')
  if (await waitForEnd(pid, graceMs)) return
  signal(pid, 'SIGKILL')
  await waitForEnd(pid, 5_000)
}
