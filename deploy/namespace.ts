/**
 * What Slipway needs of Temporal and of the artifact store before its first release, made where it is missing: the namespace with its
 * search attributes, and the bucket. `tsx deploy/namespace.ts`; on a hosted Temporal the namespace is made in its own console.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Connection, type ConnectionOptions, isGrpcServiceError } from '@temporalio/client'
import { AwsClient } from 'aws4fetch'
import { SEARCH_ATTRIBUTES } from '../contracts/names.js'
import { addSearchAttributes } from '../embedded/temporal-probe.js'
import { describeTemporal, temporalOfEnvironment } from '../workers/temporal-environment.js'
import { required } from './environment.js'

const NOT_FOUND = 5
const ALREADY_EXISTS = 6
/** Permission denied, unimplemented: a hosted Temporal keeps these to its own console. */
const ELSEWHERE = [7, 12]
const GIVE_UP_MS = 120_000
/** How long Temporal keeps a release after its end; the registry keeps what it proves for ever. */
const RETENTION_SECONDS = 30 * 86_400

async function makeNamespace(connection: Connection, namespace: string): Promise<void> {
  const of = (code: number) => (error: unknown) => {
    if (isGrpcServiceError(error) && error.code === code) return null
    throw error
  }
  const service = connection.workflowService
  if (await service.describeNamespace({ namespace }).catch(of(NOT_FOUND))) return
  const workflowExecutionRetentionPeriod = { seconds: RETENTION_SECONDS as never, nanos: 0 }
  await service.registerNamespace({ namespace, workflowExecutionRetentionPeriod }).catch(of(ALREADY_EXISTS))
}

/** A namespace is known to every part of a server some seconds after it was made. */
async function prepareTemporal(): Promise<void> {
  const named = temporalOfEnvironment()
  if (!named) throw new Error(`${required('TEMPORAL_ADDRESS')} names no Temporal`)
  const { namespace } = named
  const connection = await Connection.connect(named.connection as ConnectionOptions)
  try {
    for (const deadline = Date.now() + GIVE_UP_MS; ; await pause(500)) {
      try {
        await makeNamespace(connection, namespace)
        if (await addSearchAttributes(connection, namespace)) break
      } catch (error) {
        if (isGrpcServiceError(error) && ELSEWHERE.includes(error.code)) {
          const names = SEARCH_ATTRIBUTES.join(', ')
          process.stderr.write(
            `${error.details}; make namespace ${namespace} and its Keyword search attributes there: ${names}\n`,
          )
          return
        }
        if (Date.now() > deadline) throw error
      }
    }
    process.stdout.write(`namespace ${namespace} at ${describeTemporal(named.connection)} is ready\n`)
  } finally {
    await connection.close()
  }
}

async function prepareBucket(): Promise<void> {
  const [, bucket] = /^s3:\/\/([^/]+)/.exec(required('SLIPWAY_ARTIFACTS')) ?? []
  if (!bucket) return
  const client = new AwsClient({
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    service: 's3',
    region: required('AWS_REGION'),
  })
  const url = `${required('AWS_ENDPOINT_URL_S3').replace(/\/$/, '')}/${bucket}`
  if ((await client.fetch(url, { method: 'HEAD' })).ok) return
  const made = await client.fetch(url, { method: 'PUT' })
  if (!made.ok && made.status !== 409) throw new Error(`bucket ${bucket}: ${made.status} ${await made.text()}`)
  process.stdout.write(`bucket ${bucket} made\n`)
}

await prepareBucket()
await prepareTemporal()
