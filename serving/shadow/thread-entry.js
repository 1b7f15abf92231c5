/** Starts the program of a thread; one that is not compiled is translated while it is loaded. */
import { pathToFileURL } from 'node:url'
import { workerData } from 'node:worker_threads'

if (workerData.program.endsWith('.ts')) {
  const { register } = await import('tsx/esm/api')
  register()
}
await import(pathToFileURL(workerData.program).href)
