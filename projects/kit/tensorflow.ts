/** TensorFlow.js with its wasm backend on one thread: the same numbers in every process (docs/architecture.md). */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { transposeInGradients } from './transposed-gradient.js'

export async function loadTensorflow() {
  const [core, layers, wasm] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-layers'),
    import('@tensorflow/tfjs-backend-wasm'),
  ])
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  wasm.setWasmPaths(join(folder, '/'))
  wasm.setThreadsCount(1)
  await core.setBackend('wasm')
  transposeInGradients(core)
  return { core, layers }
}

export type Tensorflow = Awaited<ReturnType<typeof loadTensorflow>>
