/** Files that a command makes for its user, and standard output in their place. */
import { writeFileSync } from 'node:fs'
import { SlipwayError } from '../../contracts/failure.js'
import { slipwayHome } from '../../embedded/cache-folder.js'

/** As the value of `--out`. */
export const STANDARD_OUTPUT = '-'

/** In a container the working directory belongs to root, and what is outside of a mounted folder is lost. */
export function notWritten(file: string, error: unknown): SlipwayError {
  const { code, message } = error as NodeJS.ErrnoException
  const why = code === 'EEXIST' ? 'it exists already' : (code ?? message)
  return new SlipwayError(
    'BadRequest',
    `--out ${file} cannot be written (${why}); name a file in a folder that you may write to, such as ${slipwayHome()}, or - for standard output`,
    { cause: error },
  )
}

/** @throws SlipwayError BadRequest that says which folder may be written to */
export function writeOutput(file: string, text: string, flag: 'w' | 'wx' = 'w'): void {
  if (file === STANDARD_OUTPUT) {
    process.stdout.write(text)
    return
  }
  try {
    writeFileSync(file, text, { flag })
  } catch (error) {
    throw notWritten(file, error)
  }
}

/** Both would be on one stream. @throws SlipwayError BadRequest */
export function refuseTwoOutputs(out: string | undefined, json: boolean | undefined): void {
  if (out === STANDARD_OUTPUT && json)
    throw new SlipwayError('BadRequest', '--out - and --json both write to standard output')
}
