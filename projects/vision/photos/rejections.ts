import type { SnapshotManifest } from '../../../contracts/types.js'
import type { Rejected } from './listed-photo.js'

const NAMED = 5

/** A picture that is there already: one of them is enough. */
export const TWICE = 'the same picture a second time'
/** Photos that the label file does not list. They are left out, but are not a sign of a problem with the others. */
export const unlisted = (labelFile: string): string => `${UNLISTED} ${labelFile}`
export const isFault = ({ reason }: { readonly reason: string }): boolean =>
  !reason.startsWith(UNLISTED) && !reason.startsWith(TWICE)
const UNLISTED = 'not named in'

/** Counts by reason, each with the names of the first few files. */
export function countRejections(rejected: readonly Rejected[]): SnapshotManifest['rejected'] {
  const byReason = new Map<string, string[]>()
  for (const { reason, file } of rejected) {
    const files = byReason.get(reason)
    if (files) files.push(file)
    else byReason.set(reason, [file])
  }
  return [...byReason].map(([reason, files]) => {
    const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : ''
    return { reason: `${reason}: ${files.slice(0, NAMED).join(', ')}${more}`, rows: files.length }
  })
}
