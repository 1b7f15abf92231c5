/** Every read of a user's data begins here: only a readable file is taken, and nothing waits for a named pipe. */
import { constants, type Stats } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { SlipwayError } from '../../contracts/failure.js'
import { kindProblem, pathProblem } from '../../contracts/path-problem.js'

/**
 * Work on a path, with errors of the file system as bad data.
 * @param wanted what to give instead, in words
 */
export async function onPath<Result>(path: string, wanted: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const problem = pathProblem(error)
    if (problem === undefined) throw error
    throw new SlipwayError('BadData', `${path} ${problem}; ${wanted}`, { cause: error })
  }
}

/** @throws SlipwayError BadData unless it is a file that can be read */
export async function requireFile(path: string, wanted: string): Promise<Stats> {
  const known = await onPath(path, wanted, () => stat(path))
  const problem = kindProblem(known)
  if (problem) throw new SlipwayError('BadData', `${path} ${problem}; ${wanted}`)
  await onPath(path, wanted, () => access(path, constants.R_OK))
  return known
}

/** Whether it is a folder. @throws SlipwayError BadData unless it is a folder or a file, and can be read */
export async function isFolder(path: string, wanted: string): Promise<boolean> {
  const known = await onPath(path, wanted, () => stat(path))
  if (!known.isDirectory()) await requireFile(path, wanted)
  return known.isDirectory()
}

/** The names in a folder, sorted. @throws SlipwayError BadData when it is none, or cannot be read */
export const namesIn = (folder: string, wanted: string, options: { recursive?: boolean } = {}): Promise<string[]> =>
  onPath(folder, wanted, async () => (await readdir(folder, { ...options, encoding: 'utf8' })).sort())
