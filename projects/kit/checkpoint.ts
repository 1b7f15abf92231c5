/**
 * The state of a training after an epoch, in one file: a line of JSON, then the tensors as little-endian 32-bit floats.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface NamedValues {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface Checkpoint {
  readonly epoch: number
  readonly model: readonly NamedValues[]
  readonly optimizer: readonly NamedValues[]
}

const FILE = 'checkpoint.bin'

/** Writes the whole checkpoint or nothing: a process killed while it writes leaves the previous one. */
export async function saveCheckpoint(folder: string, { epoch, model, optimizer }: Checkpoint): Promise<void> {
  const shapes = (tensors: readonly NamedValues[]) => tensors.map(({ name, shape }) => ({ name, shape }))
  const head = `${JSON.stringify({ epoch, model: shapes(model), optimizer: shapes(optimizer) })}\n`
  const parts = [...model, ...optimizer].map(({ values }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  )
  await mkdir(folder, { recursive: true })
  const next = join(folder, `${FILE}.next`)
  await writeFile(next, Buffer.concat([Buffer.from(head), ...parts]))
  await rename(next, join(folder, FILE))
}

/** Undefined if there is none yet. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(join(folder, FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!bytes) return undefined
  const end = bytes.indexOf('\n')
  const head = JSON.parse(bytes.subarray(0, end).toString('utf8')) as {
    epoch: number
    model: { name: string; shape: number[] }[]
    optimizer: { name: string; shape: number[] }[]
  }
  let at = end + 1
  const take = ({ name, shape }: { name: string; shape: number[] }): NamedValues => {
    const size = shape.reduce((product, length) => product * length, 1)
    // Copied, since the bytes after a line of text are usually not aligned to four.
    const values = new Float32Array(Uint8Array.from(bytes.subarray(at, at + size * 4)).buffer)
    at += size * 4
    return { name, shape, values }
  }
  return { epoch: head.epoch, model: head.model.map(take), optimizer: head.optimizer.map(take) }
}
