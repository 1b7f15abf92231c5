/**
 * Creates the Temporal namespace with its search attributes, where one is missing: `node bin/run.js
 * deploy/namespace.ts`. On a hosted Temporal the namespace is created in its web console.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Connection, type ConnectionOptions, isGrpcServiceError } from '@temporalio/client'
import { SEARCH_ATTRIBUTES } from '../contracts/names.js'
import { addSearchAttributes } from '../embedded/temporal-probe.js'
import { describeTemporal, temporalOfEnvironment } from '../workers/temporal-environment.js'
import { required } from './environment.js'

const NOT_FOUND = 5
const ALREADY_EXISTS = 6
/** gRPC status permission denied and unimplemented: a hosted Temporal allows these changes only in its web console. */
const NOT_ALLOWED_HERE = [7, 12]
const GIVE_UP_MS = 120_000
/** How long Temporal keeps a release after its end. The registry keeps its ledger permanently. */
const RETENTION_SECONDS = 30 * 86_400

async function makeNamespace(connection: Connection, namespace: string): Promise<void> {
  const nullFor = (code: number) => (error: unknown) => {
    if (isGrpcServiceError(error) && error.code === code) return null
    throw error
  }
  const service = connection.workflowService
  if (await service.describeNamespace({ namespace }).catch(nullFor(NOT_FOUND))) return
  const workflowExecutionRetentionPeriod = { seconds: RETENTION_SECONDS as never, nanos: 0 }
  await service.registerNamespace({ namespace, workflowExecutionRetentionPeriod }).catch(nullFor(ALREADY_EXISTS))
}

/** Repeated for some seconds: a new namespace is not known to every part of the server at once. */
async function prepareTemporal(): Promise<void> {
  const named = temporalOfEnvironment()
  if (!named)
    throw new Error(`TEMPORAL_ADDRESS is "${required('TEMPORAL_ADDRESS')}", which does not name a Temporal server`)
  const { namespace } = named
  const connection = await Connection.connect(named.connection as ConnectionOptions)
  try {
    for (const deadline = Date.now() + GIVE_UP_MS; ; await pause(500)) {
      try {
        await makeNamespace(connection, namespace)
        if (await addSearchAttributes(connection, namespace)) break
      } catch (error) {
        if (isGrpcServiceError(error) && NOT_ALLOWED_HERE.includes(error.code)) {
          const names = SEARCH_ATTRIBUTES.join(', ')
          process.stderr.write(
            `${error.details}; create namespace ${namespace} in the console of that Temporal, with the Keyword search attributes ${names}\n`,
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

await prepareTemporal()
