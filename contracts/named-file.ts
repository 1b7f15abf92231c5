/** Files that a command line or a setting names. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { SlipwayError } from './failure.js'
import { kindProblem, pathProblem } from './path-problem.js'

/** What a shell opened for this process, as in `--policy <(program)`: there is a writer, so reading ends. */
const OPENED = /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/

/** @returns why it cannot be read, in words that follow its path */
export function namedFileProblem(file: string): string | undefined {
  try {
    const known = statSync(file)
    const problem = OPENED.test(file) && !known.isDirectory() ? undefined : kindProblem(known)
    if (problem === undefined) accessSync(file, constants.R_OK)
    return problem
  } catch (error) {
    const problem = pathProblem(error)
    // Node.js refuses some paths itself, such as one with a NUL.
    return problem ?? 'is not a valid path'
  }
}

/**
 * @param what for messages: `policy file`
 * @param wanted what to give instead, in words
 * @throws SlipwayError BadRequest when it is no file or cannot be read; it waits for no named pipe
 */
export function readNamedFile(file: string, what: string, wanted: string): Buffer {
  const refuse = (problem: string, cause?: unknown) =>
    new SlipwayError('BadRequest', `${what} ${file} ${problem}; ${wanted}`, { cause })
  const problem = namedFileProblem(file)
  if (problem) throw refuse(problem)
  try {
    return readFileSync(file)
  } catch (error) {
    throw refuse(pathProblem(error) ?? 'cannot be read', error)
  }
}
