/** Scores with an ONNX model by a WebAssembly runtime on one thread: the same numbers in every process. */
import type { InferenceSession } from 'onnxruntime-web'
import { errorText } from '../../contracts/error-text.js'
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

/**
 * Pages of 64 KiB, 1 GiB, for all ONNX models of a process: a file of 200 bytes can ask for a tensor of any size, and
 * WebAssembly never gives memory back.
 */
const MOST_PAGES = 16_384

interface MemoryDescriptor {
  readonly initial: number
  readonly maximum?: number
  readonly shared?: boolean
}
type MemoryClass = new (descriptor: MemoryDescriptor) => object

/** A large module, so it is imported only where something is scored. */
async function limitedRuntime(): Promise<typeof import('onnxruntime-web')> {
  const runtime = await import('onnxruntime-web')
  runtime.env.wasm.numThreads = 1
  const assembly = Reflect.get(globalThis, 'WebAssembly') as { Memory: MemoryClass }
  const { Memory } = assembly
  // The runtime has no setting for its largest memory. It makes its memory when the first model is opened.
  assembly.Memory = class extends Memory {
    constructor({ maximum = MOST_PAGES, ...descriptor }: MemoryDescriptor) {
      super({ ...descriptor, maximum: Math.min(maximum, MOST_PAGES) })
    }
  }
  try {
    await runtime.InferenceSession.create(new Uint8Array()).catch(() => {})
  } finally {
    assembly.Memory = Memory
  }
  return runtime
}

let opened: ReturnType<typeof limitedRuntime> | undefined

/** Models that are not used any more give their memory back to the runtime. */
const unused = new FinalizationRegistry<InferenceSession>((session) => void session.release().catch(() => {}))

/** @throws SlipwayError ArtifactMismatch when the bytes are no ONNX model */
export async function openOnnx(artifact: Uint8Array): Promise<OnnxModel> {
  opened ??= limitedRuntime()
  const { InferenceSession, Tensor } = await opened
  const session = await InferenceSession.create(artifact, { logSeverityLevel: 3 }).catch((error: unknown) => {
    throw new SlipwayError('ArtifactMismatch', `the artifact is not an ONNX model: ${errorText(error)}`)
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
  const model: OnnxModel = {
    run(inputs) {
      const next = last.then(() => run(inputs))
      last = next.catch(() => {})
      return next
    },
  }
  unused.register(model, session)
  return model
}
