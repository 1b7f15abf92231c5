/** A release that does one step more before everything else: a change that recorded histories must refuse. */
import { sleep } from '@temporalio/workflow'
import type { ReleaseInput } from '../../../contracts/types.js'
import { release as today } from '../../../workflows/index.js'

export async function release(input: ReleaseInput): Promise<unknown> {
  await sleep(1)
  return today(input)
}
