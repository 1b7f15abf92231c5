/** Real calls to a Temporal server. The client library is loaded on the first call, because loading takes 0.4 s. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection, ConnectionOptions } from '@temporalio/client'
import { SEARCH_ATTRIBUTES } from '../contracts/names.js'

const KEYWORD = 2
const POLL_MS = 50
const CALL_LIMIT_MS = 2_000
export const NAMESPACE = 'default'

/** True when a Temporal server answers within the time. */
export async function answers(options: ConnectionOptions, withinMs = CALL_LIMIT_MS): Promise<boolean> {
  const connection = await connect(options, withinMs)
  await connection?.close()
  return connection !== undefined
}

/** True once the namespace and all search attributes can be used; false once `mayContinue` returns false. */
export async function waitUntilReady(address: string, mayContinue: () => boolean): Promise<boolean> {
  for (; mayContinue(); await pause(POLL_MS)) {
    const connection = await connect({ address }, CALL_LIMIT_MS)
    if (!connection) continue
    try {
      while (mayContinue()) {
        if (await isReady(connection)) return true
        await pause(POLL_MS)
      }
    } finally {
      await connection.close()
    }
  }
  return false
}

async function connect(options: ConnectionOptions, connectTimeout: number): Promise<Connection | undefined> {
  const { Connection } = await import('@temporalio/client')
  return Connection.connect({ ...options, connectTimeout }).catch(() => undefined)
}

async function isReady(connection: Connection): Promise<boolean> {
  try {
    return await connection.withDeadline(Date.now() + CALL_LIMIT_MS, async () => {
      await connection.workflowService.describeNamespace({ namespace: NAMESPACE })
      return await addSearchAttributes(connection, NAMESPACE)
    })
  } catch {
    return false
  }
}

/** @returns true when all existed before the call; those added now can be used a moment later */
export async function addSearchAttributes(connection: Connection, namespace: string): Promise<boolean> {
  const known = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in (known.customAttributes ?? {})))
  if (missing.length === 0) return true
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]))
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes })
  return false
}
