/** Adds one step before everything else: a change that the replay of recorded histories must refuse. */
import { sleep } from '@temporalio/workflow'
import * as today from '../../../workflows/index.js'

const later =
  <Given extends unknown[], Result>(workflow: (...given: Given) => Promise<Result>) =>
  async (...given: Given): Promise<Result> => {
    await sleep(1)
    return workflow(...given)
  }

export const release = later(today.release)
export const scheduled = later(today.scheduled)
export const watchProduction = later(today.watchProduction)
