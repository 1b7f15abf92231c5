import type { ChildProcess } from 'node:child_process'

/**
 * Ends a child that leads its own process group, and every process it has started in that group. Call it while the
 * child runs or as soon as it has ended: later another process may have its id.
 */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // ESRCH: no process of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
