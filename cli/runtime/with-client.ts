import type { Client } from '@temporalio/client'
import { connectClient, findTemporal } from './platform.js'

/** Runs `work` with a client of the running Temporal server, and closes the connection afterwards. */
export async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { client, close } = await connectClient(await findTemporal())
  try {
    return await work(client)
  } finally {
    await close()
  }
}
