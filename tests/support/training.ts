import { type PendingWork, pendingWork } from '../../releases/pending-work.js'
import { eventually, type Steered } from './steer.js'

/** Until a release's trainer has told of an epoch: what the server knows of it then. */
export const inEpoch = ({ client }: Steered, id: string, least: number): Promise<PendingWork> =>
  eventually(`${id} in epoch ${least}`, async () => {
    const work = await pendingWork(client, id)
    const { epoch } = (work?.heartbeat ?? {}) as { epoch?: number }
    return epoch !== undefined && epoch >= least && work
  })
