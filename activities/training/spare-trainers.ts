/**
 * Processes that have loaded a project and wait for one training: the start of a process is most of a small training.
 * A process trains once and ends, so each training has a process of its own with fresh state.
 */
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { killGroup } from './process-group.js'

/** Of one worker, whatever its number of projects. */
const MOST = 2
const IDLE_MS = 5 * 60_000

interface Spare {
  readonly child: ChildProcess
  /** The code that it has loaded. */
  readonly version: string
  /** No longer watched here. */
  readonly release: () => void
}

export interface SpareTrainers {
  /** The spare of a project's folder, if it has loaded this version of the code; one of another version is ended. */
  take(folder: string, version: string): ChildProcess | undefined
  /** Keeps a started process, unless the project has a spare already. */
  keep(folder: string, version: string, start: () => ChildProcess): void
  /** Ends all, and keeps none from now on. */
  close(): void
}

export function createSpareTrainers({ idleMs = IDLE_MS } = {}): SpareTrainers {
  const spares = new Map<string, Spare>()
  let closed = false
  const remove = (folder: string): Spare | undefined => {
    const spare = spares.get(folder)
    spares.delete(folder)
    spare?.release()
    return spare
  }
  const end = (folder: string) => {
    const spare = remove(folder)
    if (spare) killGroup(spare.child)
  }
  return {
    take(folder, version) {
      if (spares.get(folder)?.version !== version) {
        end(folder)
        return undefined
      }
      const { child } = remove(folder) as Spare
      holdLoop(child, true)
      return child
    },

    keep(folder, version, start) {
      if (closed || spares.has(folder)) return
      const [oldest] = spares.keys()
      if (oldest !== undefined && spares.size >= MOST) end(oldest)
      const child = start()
      // Writing to one that has just ended is no error of the worker: the end itself is seen.
      child.stdin?.on('error', () => {})
      holdLoop(child, false)
      const onEnd = () => end(folder)
      const timer = setTimeout(onEnd, idleMs).unref()
      child.once('exit', onEnd).once('error', onEnd)
      const release = () => {
        clearTimeout(timer)
        child.off('exit', onEnd).off('error', onEnd)
      }
      spares.set(folder, { child, version, release })
    },

    close() {
      closed = true
      for (const folder of spares.keys()) end(folder)
    },
  }
}

/** A spare does not keep its worker alive. */
function holdLoop(child: ChildProcess, hold: boolean): void {
  for (const one of [child, ...child.stdio]) {
    if (one !== child && !(one instanceof Socket)) continue
    if (hold) one.ref()
    else one.unref()
  }
}
