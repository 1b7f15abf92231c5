/** Scores with an ONNX model by a WebAssembly runtime on one thread: the same numbers in every process. */
import { SlipwayError } from '../../contracts/failure.js'

export interface OnnxModel {
  /**
   * @param inputs by name; values row by row, as many as the shape says
   * @returns the numbers of each output, by name
   */
  run(
    inputs: Readonly<Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>>,
  ): Promise<Record<string, Float32Array>>
}

/** @throws SlipwayError ArtifactMismatch when the bytes are no ONNX model */
export async function openOnnx(artifact: Uint8Array): Promise<OnnxModel> {
  // A large module, so it is imported only where something is scored.
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web')
  env.wasm.numThreads = 1
  const session = await InferenceSession.create(artifact).catch((error: Error) => {
    throw new SlipwayError('ArtifactMismatch', `the artifact is not an ONNX model: ${error.message}`)
  })
  const run = async (inputs: Parameters<OnnxModel['run']>[0]) => {
    const tensors = Object.entries(inputs).map(([name, { values, shape }]) => [
      name,
      new Tensor('float32', values, [...shape]),
    ])
    const outputs = await session.run(Object.fromEntries(tensors) as Parameters<typeof session.run>[0])
    const numbers = Object.entries(outputs).flatMap(([name, { data }]) =>
      data instanceof Float32Array ? [[name, data] as const] : [],
    )
    return Object.fromEntries(numbers)
  }
  // One call after the other: a session has one set of buffers.
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(inputs) {
      const next = last.then(() => run(inputs))
      last = next.catch(() => {})
      return next
    },
  }
}
