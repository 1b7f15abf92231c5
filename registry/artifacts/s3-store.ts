/** Artifacts in an S3 bucket, with aws4fetch: signed requests without an SDK. */
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { sha256 } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import { keyOf, missing, requireDigest, unreadable } from './artifact-digest.js'
import type { ArtifactStore } from './artifact-store.js'

const RETRIES = 3
const PAUSE_MS = 200
const PRECONDITION_FAILED = 412
const NOT_FOUND = 404

/** @param cache local copies of artifacts that were requested as files; their bytes are checked again at every use */
export function createS3Store(location: string, cache: ArtifactStore, env = process.env): ArtifactStore {
  const { root, client } = connectS3(location, env)
  const urlOf = (digest: string) => `${root}/${keyOf(digest)}`

  /**
   * Retries failed connections; the library retries error responses only. A connection may time out while a model
   * blocks the worker's event loop. Every request may be repeated, because objects are named by their content.
   */
  const ask: typeof client.fetch = async (...request) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await client.fetch(...request)
      } catch (error) {
        if (attempt === RETRIES) throw error
        await pause(PAUSE_MS * 2 ** attempt)
      }
    }
  }

  const request = (digest: string, method: 'GET' | 'HEAD' | 'DELETE'): Promise<Response> =>
    ask(urlOf(digest), { method }).catch((error: Error) => {
      throw unreadable(digest, `${root} does not answer (${String(error.cause ?? error.message)})`, error)
    })

  const get = async (digest: string): Promise<Uint8Array> => {
    const response = await request(digest, 'GET')
    if (response.status === NOT_FOUND) throw missing(digest)
    if (!response.ok) throw unreadable(digest, `${root} answers ${response.status} ${await response.text()}`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    requireDigest(digest, sha256(bytes))
    return bytes
  }

  const put = async (digest: string, bytes: Uint8Array, condition: Record<string, string>): Promise<number> => {
    const headers = { ...condition, 'x-amz-content-sha256': digest.slice('sha256:'.length) }
    const request = { method: 'PUT', body: Buffer.from(bytes), headers }
    const response = await ask(urlOf(digest), request).catch((error: Error) => {
      const why = String(error.cause ?? error.message)
      throw new SlipwayError('Unavailable', `artifacts cannot be written: ${root} does not answer (${why})`, {
        cause: error,
      })
    })
    if (response.ok || response.status === PRECONDITION_FAILED) return response.status
    const answer = `${response.status} ${await response.text()}`
    throw new SlipwayError('Unavailable', `artifacts cannot be written: ${root} answers ${answer}`)
  }

  const putBytes = async (bytes: Uint8Array): Promise<string> => {
    const digest = sha256(bytes)
    const status = await put(digest, bytes, { 'if-none-match': '*' })
    // The object exists already. Intact bytes are kept; damaged bytes are replaced, as in a folder.
    if (status === PRECONDITION_FAILED) {
      await get(digest).catch(async (error: unknown) => {
        if (!(error instanceof SlipwayError) || error.type !== 'ArtifactMismatch') throw error
        await put(digest, bytes, {})
      })
    }
    return digest
  }

  return {
    putBytes,
    putFile: async (path) => putBytes(await readFile(path)),
    get,
    async path(digest) {
      try {
        return await cache.path(digest)
      } catch (error) {
        if (!(error instanceof SlipwayError) || error.type !== 'ArtifactMismatch') throw error
      }
      await cache.putBytes(await get(digest))
      return cache.path(digest)
    },
    verify: async (digest) => void (await get(digest)),
    async size(digest) {
      const response = await request(digest, 'HEAD')
      if (response.status === NOT_FOUND) return null
      if (!response.ok) throw unreadable(digest, `${root} answers ${response.status}`)
      return Number(response.headers.get('content-length'))
    },
    async remove(digest) {
      const response = await request(digest, 'DELETE')
      if (!response.ok && response.status !== NOT_FOUND) {
        const answer = `${response.status} ${await response.text()}`
        throw new SlipwayError('Unavailable', `artifact ${digest} cannot be removed: ${root} answers ${answer}`)
      }
      await cache.remove(digest)
    },
  }
}

/** Path-style addresses: they need no DNS name per bucket, and every S3-compatible server supports them. */
export function connectS3(location: string, env: NodeJS.ProcessEnv): { root: string; client: AwsClient } {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)(\/.*)?$/.exec(location) ?? []
  if (!bucket) throw new SlipwayError('BadRequest', `SLIPWAY_ARTIFACTS is "${location}"; write s3://bucket/prefix`)
  const required = (name: string): string => {
    const value = env[name]
    if (value) return value
    throw new SlipwayError('BadRequest', `${name} is not set; artifacts in ${location} need it`)
  }
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1'
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`
  const client = new AwsClient({
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
    service: 's3',
    region,
    retries: RETRIES,
  })
  return { root: `${endpoint.replace(/\/$/, '')}/${bucket}${(prefix ?? '').replace(/\/$/, '')}`, client }
}
