/** Names of files in folders that come from other systems. */

/** Files that a system keeps for itself beside those of the user: `._photo.jpg`, `.DS_Store`, `__MACOSX/photo.jpg`. */
export const isHidden = (path: string): boolean =>
  path.split('/').some((name) => (name.startsWith('.') && name !== '.' && name !== '..') || name === '__MACOSX')

/** One spelling of a name: some systems write é as one character, others as e and an accent. */
export const oneSpelling = (name: string): string => name.normalize('NFC')
