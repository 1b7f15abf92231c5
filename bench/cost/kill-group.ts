import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Ends a process that was started with `detached`, and its children. */
export async function killGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await ended
}
