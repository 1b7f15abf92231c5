import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SpoolFile } from './spool-names.js'

/** Owners touch their spools every 2 s, and looks are 5 s apart. */
export const LOOK_MS = 5_000
const QUIET_LOOKS = 3
/** Earlier builds only append, so theirs have to be quiet for longer: a minute. */
const QUIET_LOOKS_EARLIER = 12

/**
 * Counts looks at which a file had not changed. Neither clock is compared with the other: they may differ between
 * machines, and after this process was suspended the next look counts once.
 */
export function createQuietLooks(folder: string) {
  const seen = new Map<string, { mark: string; looks: number }>()
  return {
    async isAbandoned(name: string, kind: SpoolFile['kind']): Promise<boolean> {
      const { mtimeMs, size } = await stat(join(folder, name))
      const mark = `${mtimeMs} ${size}`
      const before = seen.get(name)
      const looks = before?.mark === mark ? before.looks + 1 : 0
      seen.set(name, { mark, looks })
      return looks >= (kind === 'earlier' ? QUIET_LOOKS_EARLIER : QUIET_LOOKS)
    },
    keepOnly(names: readonly string[]): void {
      for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name)
    },
  }
}
