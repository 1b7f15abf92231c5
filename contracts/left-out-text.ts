import type { SnapshotManifest } from './types.js'

/** Rows that a snapshot left out for one reason: how many, why, and the first few. */
export const leftOutText = ({ reason, rows, examples }: SnapshotManifest['rejected'][number]): string =>
  `${rows} (${reason}${examples ? `: ${examples.join('; ')}` : ''})`
