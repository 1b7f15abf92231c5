/** The trainer's process where a project has been compiled: `node compiled-trainer-process.mjs JOB PROJECT SOURCE`. */
import { pathToFileURL } from 'node:url'
import { projectOf } from '../../projects/project-of.js'
import { trainInThisProcess } from './train-in-this-process.js'

const [jobFile, project, source] = process.argv.slice(2)
if (jobFile === undefined || project === undefined || source === undefined)
  throw new Error('usage: compiled-trainer-process JOB PROJECT SOURCE')
await trainInThisProcess(jobFile, () => projectOf(source, import(pathToFileURL(project).href)))
