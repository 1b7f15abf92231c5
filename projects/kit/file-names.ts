/** Names of files in folders that come from other systems. */

/** Files that a system keeps for itself beside those of the user: `._photo.jpg`, `.DS_Store`, `__MACOSX/photo.jpg`. */
export const isHidden = (path: string): boolean =>
  path.split('/').some((name) => (name.startsWith('.') && name !== '.' && name !== '..') || name === '__MACOSX')
