import type { Client } from '@temporalio/client'
import { connectClient, findTemporal } from './platform.js'

/** Work with a client of the Temporal server that is running; the connection is closed afterwards. */
export async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { client, close } = await connectClient(await findTemporal())
  try {
    return await work(client)
  } finally {
    await close()
  }
}
