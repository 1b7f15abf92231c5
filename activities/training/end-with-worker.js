/**
 * A thread of the trainer's process. The worker holds the other end of stdin: when it closes, the worker has ended for
 * whatever reason, and the trainer's whole process group ends too. A thread, because a trainer may block for minutes.
 * Other threads get what the worker writes.
 */
import { Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'

function end() {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    // Not the leader of a process group: it was not started by a worker.
    process.kill(process.pid, 'SIGKILL')
  }
}

new Socket({ fd: 0 })
  .setEncoding('utf8')
  .once('close', end)
  .on('data', (text) => parentPort?.postMessage(text))
