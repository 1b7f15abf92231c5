/**
 * Work that takes a processor waits for a place inside its activity, so that looks always find a slot of the worker.
 */
import { Context } from '@temporalio/activity'
import { withHeartbeat } from '../heartbeat.js'
import { measureWork, showWork } from '../worker-metrics.js'

/** Gives places in the order in which they were asked for. */
export interface Places {
  /** @returns gives the place back */
  take(signal: AbortSignal): Promise<() => void>
}

export function createPlaces(count: number): Places {
  let free = count
  const waiting: (() => void)[] = []
  const giveBack = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const once = () => {
    let given = false
    return () => {
      if (!given) giveBack()
      given = true
    }
  }
  return {
    async take(signal) {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        return once()
      }
      return await new Promise((resolve, reject) => {
        const next = () => {
          signal.removeEventListener('abort', leave)
          resolve(once())
        }
        const leave = () => {
          waiting.splice(waiting.indexOf(next), 1)
          reject(signal.reason)
        }
        waiting.push(next)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
  }
}

/**
 * The activity runs while it has a place. Until then it heartbeats, repeating the details of the attempt before, and a
 * cancellation ends the wait.
 */
export function inPlace<Args extends unknown[], Result>(places: Places, activity: (...args: Args) => Promise<Result>) {
  let waiting = 0
  const queued = (change: 1 | -1) => {
    waiting += change
    showWork('placeQueue', waiting)
  }
  return async (...args: Args): Promise<Result> => {
    const context = Context.current()
    const heartbeat = () => context.heartbeat(context.info.heartbeatDetails)
    const began = performance.now()
    queued(1)
    const giveBack = await withHeartbeat({ heartbeat }, () => places.take(context.cancellationSignal)).finally(() =>
      queued(-1),
    )
    measureWork('placeWait', (performance.now() - began) / 1_000)
    try {
      return await activity(...args)
    } finally {
      giveBack()
    }
  }
}
