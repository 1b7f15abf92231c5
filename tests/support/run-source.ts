import { fileURLToPath } from 'node:url'

/** The program that runs a source file of this repository, its first argument, as production does. */
export const RUN_SOURCE = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
