/** A disk of few megabytes, where this machine allows it. */
import { mkdirSync } from 'node:fs'
import { run } from '../../embedded/run-command.js'
import type { Ending } from '../support/harness.js'

const MEGABYTES = 96

/** @returns whether the folder is a disk of its own; without it nothing there may be filled */
export async function mountSmallDisk(folder: string, opened: Ending[]): Promise<boolean> {
  mkdirSync(folder)
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'none', folder], { timeoutMs: 10_000 })
  if (mounted.ok) opened.push(() => run('umount', ['-l', folder], { timeoutMs: 10_000 }))
  return mounted.ok
}
