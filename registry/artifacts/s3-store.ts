/** Artifacts in an S3 bucket, with aws4fetch: signed requests without an SDK. */
import { setTimeout as pause } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { sha256 } from '../../contracts/canonical.js'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { keyOf, missing, requireDigest, unreadable } from './artifact-digest.js'
import type { ArtifactStore } from './artifact-store.js'
import type { ArtifactCache } from './bounded-cache.js'
import { digestOfStream, type Source, sourceOfBytes, sourceOfFile } from './s3-transfer.js'
import { heardIn, limitSilence, SILENCE_MS, type Silence } from './silence.js'

const RETRIES = 3
const PAUSE_MS = 200
const PRECONDITION_FAILED = 412
const NOT_FOUND = 404
const TOO_MANY = 429

/**
 * @param cache local copies of artifacts that were requested as files; their bytes are checked again at every use
 * @param silenceMs wall ms after which a request that hears nothing is ended and tried again
 */
export function createS3Store(
  location: string,
  cache: ArtifactCache,
  env = process.env,
  silenceMs = SILENCE_MS,
): ArtifactStore {
  const { root, client } = connectS3(location, env)
  const urlOf = (digest: string) => `${root}/${keyOf(digest)}`

  /**
   * Retries failed connections; the library retries error responses only. A connection may time out while a model
   * blocks the worker's event loop. Every request may be repeated, because objects are named by their content.
   */
  const ask = async (url: string, method: string): Promise<Answer> => {
    for (let attempt = 0; ; attempt += 1) {
      const silence = limitSilence(silenceMs)
      try {
        return { response: await client.fetch(url, { method, signal: silence.signal }), silence }
      } catch (error) {
        silence.end()
        if (attempt === RETRIES) throw error
        await pause(PAUSE_MS * 2 ** attempt)
      }
    }
  }

  const request = (digest: string, method: 'GET' | 'HEAD' | 'DELETE'): Promise<Answer> =>
    ask(urlOf(digest), method).catch((error: Error) => {
      throw unreadable(digest, `${root} does not answer (${String(error.cause ?? error.message)})`, error)
    })
  /** Of an answer whose bytes do not matter. */
  const answerTo = async (digest: string, method: 'HEAD' | 'DELETE'): Promise<Response> => {
    const { response, silence } = await request(digest, method)
    silence.end()
    return response
  }

  /** The bytes as they arrive, not yet checked. */
  const download = async (digest: string): Promise<AsyncIterable<Uint8Array>> => {
    const { response, silence } = await request(digest, 'GET')
    if (response.ok) return arriving(digest, { response, silence })
    try {
      if (response.status === NOT_FOUND) throw missing(digest)
      throw unreadable(digest, `${root} answers ${response.status} ${await response.text()}`)
    } finally {
      silence.end()
    }
  }

  async function* arriving(digest: string, { response, silence }: Answer): AsyncGenerator<Uint8Array> {
    let arrived = 0
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        silence.heard()
        arrived += chunk.byteLength
        yield chunk
      }
    } catch (error) {
      throw unreadable(digest, `the connection to ${root} broke (${errorText(error)})`, error)
    } finally {
      silence.end()
    }
    // Also keeps the response in use: when it is garbage collected, its body ends early and without an error.
    const length = response.headers.get('content-length')
    if (length !== null && Number(length) !== arrived)
      throw unreadable(digest, `${root} sent ${arrived} of ${length} bytes`)
  }

  const verify = async (digest: string): Promise<void> =>
    requireDigest(digest, await digestOfStream(await download(digest)))

  const send = async ({ digest, length, body }: Source, condition: Record<string, string>): Promise<Response> => {
    const url = urlOf(digest)
    for (let attempt = 0; ; attempt += 1) {
      const headers = { ...condition, 'x-amz-content-sha256': digest.slice('sha256:'.length) }
      const signed = await client.sign(url, { method: 'PUT', headers })
      signed.headers.set('content-length', String(length))
      // `duplex`: without it a stream is refused. The body is new at every attempt, which a library cannot know.
      // `redirect` and `window`: otherwise a copy of the whole body is kept in memory for a redirect, which a signed
      // request cannot follow.
      const once = { redirect: 'error', window: null, duplex: 'half' }
      const silence = limitSilence(silenceMs)
      const bytes = length === 0 ? Buffer.alloc(0) : heardIn(body(), silence)
      const init = { method: 'PUT', headers: signed.headers, body: bytes, signal: silence.signal, ...once }
      const response = await fetch(url, init as RequestInit)
        .catch((error: unknown) => {
          if (attempt === RETRIES) throw error
          return undefined
        })
        .finally(silence.end)
      if (response && (attempt === RETRIES || (response.status < 500 && response.status !== TOO_MANY))) return response
      await response?.body?.cancel()
      await pause(PAUSE_MS * 2 ** attempt)
    }
  }

  const upload = async (source: Source, condition: Record<string, string>): Promise<number> => {
    const response = await send(source, condition).catch((error: Error) => {
      const why = String(error.cause ?? error.message)
      throw new SlipwayError('Unavailable', `artifacts cannot be written: ${root} does not answer (${why})`, {
        cause: error,
      })
    })
    if (response.ok || response.status === PRECONDITION_FAILED) {
      await response.body?.cancel()
      return response.status
    }
    const answer = `${response.status} ${await response.text()}`
    throw new SlipwayError('Unavailable', `artifacts cannot be written: ${root} answers ${answer}`)
  }

  const put = async (source: Source): Promise<string> => {
    const { digest } = source
    const status = await upload(source, { 'if-none-match': '*' })
    // The object exists already. Intact bytes are kept; damaged bytes are replaced, as in a folder.
    if (status === PRECONDITION_FAILED) {
      await verify(digest).catch(async (error: unknown) => {
        if (!(error instanceof SlipwayError) || error.type !== 'ArtifactMismatch') throw error
        await upload(source, {})
      })
    }
    return digest
  }

  return {
    putBytes: (bytes) => put(sourceOfBytes(bytes)),
    putFile: async (path) => put(await sourceOfFile(path)),
    async get(digest) {
      const chunks: Uint8Array[] = []
      for await (const chunk of await download(digest)) chunks.push(chunk)
      const bytes = new Uint8Array(Buffer.concat(chunks))
      requireDigest(digest, sha256(bytes))
      return bytes
    },
    async path(digest) {
      try {
        return await cache.path(digest)
      } catch (error) {
        if (!(error instanceof SlipwayError) || error.type !== 'ArtifactMismatch') throw error
      }
      const found = await cache.add(await download(digest))
      if (found !== digest) await cache.remove(found)
      requireDigest(digest, found)
      return cache.path(digest)
    },
    verify,
    async size(digest) {
      const response = await answerTo(digest, 'HEAD')
      if (response.status === NOT_FOUND) return null
      if (!response.ok) throw unreadable(digest, `${root} answers ${response.status}`)
      return Number(response.headers.get('content-length'))
    },
    async remove(digest) {
      const response = await answerTo(digest, 'DELETE')
      if (!response.ok && response.status !== NOT_FOUND) {
        const answer = `${response.status} ${await response.text()}`
        throw new SlipwayError('Unavailable', `artifact ${digest} cannot be removed: ${root} answers ${answer}`)
      }
      await cache.remove(digest)
    },
  }
}

interface Answer {
  readonly response: Response
  readonly silence: Silence
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
