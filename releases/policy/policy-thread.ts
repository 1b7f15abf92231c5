/** A thread that does one computation on a policy and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { doPolicyJob, type PolicyJob } from './policy-job.js'
import type { ThreadAnswer } from './policy-work.js'

function answer(): ThreadAnswer {
  try {
    return { result: doPolicyJob(workerData as PolicyJob) }
  } catch (error) {
    return { problem: errorText(error), type: error instanceof SlipwayError ? error.type : null }
  }
}

parentPort?.postMessage(answer())
