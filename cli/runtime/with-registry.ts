import { closing } from './interruption.js'
import { openRegistryHandle, type RegistryHandle } from './platform.js'

/** Work with the registry of this home; an embedded server started for it is ended again, after a Ctrl-C too. */
export async function withRegistry(work: (handle: RegistryHandle) => Promise<void>): Promise<void> {
  const end = await closing((signal) => openRegistryHandle({ signal }), work)
  if (end === 'interrupted') process.exitCode = 1
}
