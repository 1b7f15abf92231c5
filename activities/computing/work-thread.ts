/**
 * What a thread does: one import, evaluation or check of an artifact of a project. It is compiled together with the
 * project.
 */
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { projectOf } from '../../projects/project-of.js'
import { checkArtifact } from '../training/check-artifact.js'
import { errorParts } from './error-transfer.js'
import type { ThreadAnswer, ThreadWork } from './thread-protocol.js'

async function work({ module, source, job }: ThreadWork): Promise<unknown> {
  const project = await projectOf(source, import(pathToFileURL(module).href))
  if (job.kind === 'check') return await checkArtifact(project, job.request)
  return job.kind === 'import' ? await project.importSnapshot(job.request) : await project.evaluate(job.request)
}

const answer = (message: ThreadAnswer) => parentPort?.postMessage(message)
await work(workerData as ThreadWork).then(
  (result) => answer({ result }),
  (error: unknown) => answer({ error: errorParts(error) }),
)
