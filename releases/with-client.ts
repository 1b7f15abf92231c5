import type { Client } from '@temporalio/client'

/** Opens a Temporal client for the work and closes it afterwards. Called only if the work needs Temporal. */
export type WithClient = <T>(work: (client: Client) => Promise<T>) => Promise<T>
