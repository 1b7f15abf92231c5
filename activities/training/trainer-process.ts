/** The trainer's process from the sources: `node bin/run.js trainer-process.ts JOB`. */
import { loadProject } from '../../projects/load.js'
import { trainInThisProcess } from './train-in-this-process.js'

const jobFile = process.argv[2]
if (jobFile === undefined) throw new Error('usage: trainer-process JOB')
await trainInThisProcess(jobFile, loadProject)
