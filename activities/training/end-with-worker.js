/**
 * A thread of the trainer's process. The worker holds the other end of stdin: when it closes, the worker is gone, however it
 * went, and the trainer's whole process group ends. In a thread, since a trainer may compute for minutes without a pause.
 */
import { Socket } from 'node:net'

function end() {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    // Not the leader of a group: it was not started by a worker.
    process.kill(process.pid, 'SIGKILL')
  }
}

new Socket({ fd: 0 }).once('close', end).resume()
