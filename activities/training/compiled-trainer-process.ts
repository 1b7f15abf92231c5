/**
 * The trainer's process where a project has been compiled: `node compiled-trainer-process.mjs JOB PROJECT SOURCE`. With
 * `-` for JOB it loads the project and waits until its worker writes the job's path to stdin.
 */
import { pathToFileURL } from 'node:url'
import { projectOf } from '../../projects/project-of.js'
import { trainInThisProcess } from './train-in-this-process.js'

const [jobFile, project, source] = process.argv.slice(2)
if (jobFile === undefined || project === undefined || source === undefined)
  throw new Error('usage: compiled-trainer-process JOB PROJECT SOURCE')
const later = jobFile === '-'
const loading = projectOf(source, import(pathToFileURL(project).href))
// Reported by the training.
loading.catch(() => {})
await trainInThisProcess(later ? undefined : jobFile, () => loading)
