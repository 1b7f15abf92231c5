/** Names of the files in a spool folder. They say what a file is; who is alive is never read from a name. */
import { randomUUID } from 'node:crypto'

/** In place of an owner: the process that wrote it stopped and left the rest to another. */
const LEFT = 'left'

export type SpoolFile =
  /** `earlier`: written by an earlier build, which does not touch its file while it lives. */
  | { readonly kind: 'owned' | 'left' | 'earlier'; readonly project: string; readonly id: string }
  | { readonly kind: 'refused'; readonly project: string }

/** @returns undefined for a file that is no spool */
export function parseSpoolName(name: string): SpoolFile | undefined {
  const [, project, id, owner] = /^([^.]+)\.([0-9a-f-]{36})\.([0-9a-f]{8}|left|refused)\.ndjson$/.exec(name) ?? []
  if (project && id) {
    if (owner === 'refused') return { kind: 'refused', project }
    return { kind: owner === LEFT ? 'left' : 'owned', project, id }
  }
  // The project, the host's name, the process id and a random part.
  const [, of] = /^([^.]+)\..+\.\d+-[0-9a-f]{8}\.ndjson$/.exec(name) ?? []
  return of ? { kind: 'earlier', project: of, id: newSpoolId() } : undefined
}

export const newSpoolId = (): string => randomUUID()

/** A new name for each owner: of two processes that rename one spool to theirs, one succeeds. */
export const ownedName = (project: string, id: string): string => `${project}.${id}.${randomUUID().slice(0, 8)}.ndjson`
export const leftName = (project: string, id: string): string => `${project}.${id}.${LEFT}.ndjson`
export const refusedName = (project: string, id: string): string => `${project}.${id}.refused.ndjson`
