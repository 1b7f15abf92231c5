/**
 * Objects of the artifact store that are found by a name instead of a digest. Each is written once: an existing one is
 * never replaced or removed.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { SlipwayError } from '../../contracts/failure.js'
import { connectS3 } from './s3-store.js'
import { withSilenceLimit } from './silence.js'

export interface NamedObjects {
  /** @returns false when an object of this name existed already; then nothing is written */
  create(name: string, bytes: Uint8Array): Promise<boolean>
  /** Null when there is none. */
  read(name: string): Promise<Uint8Array | null>
}

/** @param location as in `createArtifactStore` */
export const openNamedObjects = (location: string, env = process.env): NamedObjects =>
  location.startsWith('s3://') ? inBucket(location, env) : inFolder(location)

/**
 * @param address `s3://bucket/key` @returns null when there is none
 * @throws SlipwayError BadRequest when the address or the keys are malformed or missing, Unavailable when it cannot be
 * read
 */
export function readNamedObject(address: string, env = process.env): Promise<Uint8Array | null> {
  const [, bucket, name] = /^(s3:\/\/[^/]+)\/(.+)$/.exec(address) ?? []
  if (bucket && name) return inBucket(bucket, env).read(name)
  throw new SlipwayError('BadRequest', `"${address}" is not the address of an object; write s3://bucket/key`)
}

function inFolder(folder: string): NamedObjects {
  const fileOf = (name: string) => join(resolve(folder), ...name.split('/'))
  return {
    async create(name, bytes) {
      const file = fileOf(name)
      await mkdir(dirname(file), { recursive: true })
      const temporary = `${file}.${randomUUID()}.part`
      try {
        await writeFile(temporary, bytes, { mode: 0o444, flag: 'wx', flush: true })
        // A link fails where the name exists, and shows the whole file or none.
        await link(temporary, file)
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        throw unavailable(name, (error as Error).message, error)
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async read(name) {
      try {
        return await readFile(fileOf(name))
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null
        throw unavailable(name, (error as Error).message, error)
      }
    },
  }
}

function inBucket(location: string, env: NodeJS.ProcessEnv): NamedObjects {
  const { root, client } = connectS3(location, env)
  const ask = <T>(name: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<T> =>
    withSilenceLimit(async (signal) => {
      const response = await client.fetch(`${root}/${name}`, { ...init, signal }).catch((error: Error) => {
        throw unavailable(name, `${root} does not answer (${String(error.cause ?? error.message)})`, error)
      })
      return read(response)
    })
  const refused = async (name: string, response: Response) =>
    unavailable(name, `${root} answers ${response.status} ${await response.text()}`)
  return {
    create: (name, bytes) =>
      ask(name, { method: 'PUT', body: Buffer.from(bytes), headers: { 'if-none-match': '*' } }, async (response) => {
        if (response.status === 412) return false
        if (!response.ok) throw await refused(name, response)
        return true
      }),
    read: (name) =>
      ask(name, { method: 'GET' }, async (response) => {
        if (response.status === 404) return null
        if (!response.ok) throw await refused(name, response)
        return new Uint8Array(await response.arrayBuffer())
      }),
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

const unavailable = (name: string, why: string, cause?: unknown): SlipwayError =>
  new SlipwayError('Unavailable', `${name} in the artifact store: ${why}`, { cause })
