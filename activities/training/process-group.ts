import type { ChildProcess } from 'node:child_process'

/**
 * Ends everything a child that leads its own process group has started, the child included. To be called while the child
 * lives or as soon as it has ended: later its id may be another's.
 */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // ESRCH: nobody of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
