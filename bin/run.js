/** `node bin/run.js FILE.ts [ARGUMENT…]`: runs a source file of this repository as a program of its own. */
import { resolve } from 'node:path'
import { runSource } from './compiled.js'

const file = resolve(process.argv[2] ?? '')
process.argv.splice(1, 2, file)
await runSource(file)
