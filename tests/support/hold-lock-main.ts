/**
 * Holds a lock until its stdin ends and logs when it acquired and released it: `node bin/run.js hold-lock-main.ts LOCK
 * LOG`.
 */
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { withLock } from '../../embedded/process-lock.js'

const [lock, log] = process.argv.slice(2)
if (!lock || !log) throw new Error('usage: hold-lock-main LOCK LOG')
process.stdin.resume()
const ended = once(process.stdin, 'end')
await withLock(
  lock,
  () => {},
  async () => {
    appendFileSync(log, `${process.pid} in\n`)
    process.stdout.write('{}\n')
    await ended
    appendFileSync(log, `${process.pid} out\n`)
  },
)
