import { utimes } from 'node:fs/promises'

export const TOUCH_MS = 2_000

/**
 * Shows other processes that a spool has an owner. Not through the file's handle: a spool that another process has
 * taken over, by renaming it, is that process's to touch. @returns stops it
 */
export function keepTouched(path: string): () => void {
  const timer = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, TOUCH_MS)
  timer.unref()
  return () => clearInterval(timer)
}
