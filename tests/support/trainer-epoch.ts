import { type PendingWork, pendingWork } from '../../releases/pending-work.js'
import { eventually, type Steered } from './steer.js'

/** Waits until a release's trainer has reported an epoch. @returns what the server knows about the activity then */
export const inEpoch = ({ client }: Steered, id: string, least: number): Promise<PendingWork> =>
  eventually(`${id} in epoch ${least}`, async () => {
    const work = await pendingWork(client, id)
    const { epoch } = (work?.heartbeat ?? {}) as { epoch?: number }
    return epoch !== undefined && epoch >= least && work
  })
