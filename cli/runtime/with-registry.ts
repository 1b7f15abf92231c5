import { closing } from './interruption.js'
import { openRegistryHandle, type RegistryHandle } from './platform.js'

/**
 * Runs `work` with the registry of this home. An embedded server started for it is stopped afterwards, also after
 * Ctrl-C.
 */
export async function withRegistry(work: (handle: RegistryHandle) => Promise<void>): Promise<void> {
  const end = await closing((signal) => openRegistryHandle({ signal }), work)
  if (end === 'interrupted') process.exitCode = 1
}
