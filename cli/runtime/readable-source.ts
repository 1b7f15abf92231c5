import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { SlipwayError } from '../../contracts/failure.js'
import { kindProblem, pathProblem } from '../../contracts/path-problem.js'
import { isStored } from '../../releases/sources/known-source.js'

/**
 * What `--snapshot` names: an absolute path, or the reference that `slipway snapshot add` printed.
 * @throws SlipwayError BadRequest when there is no such file or folder
 */
export function readableSource(snapshot: string): string {
  if (isStored(snapshot)) return snapshot
  // An unset variable of a shell; the path would be that of the working directory.
  if (snapshot.trim() === '') throw new SlipwayError('BadRequest', '--snapshot is empty; name a file or folder')
  const source = resolve(snapshot)
  const problem = problemOf(source)
  if (problem === undefined) return source
  throw new SlipwayError('BadRequest', `--snapshot ${source} ${problem}; name a file or folder`)
}

function problemOf(path: string): string | undefined {
  try {
    const known = statSync(path)
    return known.isDirectory() ? undefined : kindProblem(known)
  } catch (error) {
    return pathProblem(error) ?? 'is not a valid path'
  }
}
