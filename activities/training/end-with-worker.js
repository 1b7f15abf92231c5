/**
 * A thread of the trainer's process. The worker holds the other end of stdin: when it closes, the worker has ended for whatever
 * reason, and the trainer's whole process group ends too. A thread, because a trainer may block for minutes.
 */
import { Socket } from 'node:net'

function end() {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    // Not the leader of a process group: it was not started by a worker.
    process.kill(process.pid, 'SIGKILL')
  }
}

new Socket({ fd: 0 }).once('close', end).resume()
