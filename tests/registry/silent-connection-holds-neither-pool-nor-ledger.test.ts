/** A network that delivers nothing and closes nothing, and a process that is suspended: others continue. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect, type Database } from '../../registry/database/connect.js'
import { createWithLedger } from '../../registry/ledger/append-entries.js'
import { type FaultRelay, openFaultRelay } from '../support/fault-relay.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

let on: TestRegistry
let relay: FaultRelay
const open: Database[] = []
beforeAll(async () => {
  on = await testRegistry()
  relay = await openFaultRelay(new URL(on.url).host)
})
afterAll(async () => {
  for (const db of open) await db.destroy()
  await relay?.close()
  await on?.stop()
})

const connected = (url: string, statementMs?: number): Database => {
  const db = connect(url, { role: null, size: 1, ...(statementMs === undefined ? {} : { statementMs }) })
  open.push(db)
  return db
}

it('a connection on which nothing arrives any more is replaced', async () => {
  const url = new URL(on.url)
  url.host = relay.address
  const db = connected(url.href, 500)
  await sql`select 1`.execute(db)
  relay.become('silent')
  const asked = sql`select 2`.execute(db)
  await expect(asked).rejects.toThrow('Connection terminated')
  relay.become('fair')
  // The pool has one connection only.
  expect((await sql<{ n: number }>`select 3 as n`.execute(db)).rows).toEqual([{ n: 3 }])
})

it('a process that stops inside a transaction of the ledger stops no other, and has written nothing', async () => {
  const entry = (key: string) => ({
    project: 'p',
    kind: 'operator_action' as const,
    subject: 'p',
    key,
    body: { action: 'pause' as const, by: 'ana', reason: 'r', accepted: true, message: 'm', id: key },
  })
  const suspended = createWithLedger(connected(on.url), undefined, async () => {}, 300)
  let wakeUp = () => {}
  const asleep = new Promise<void>((resolve) => {
    wakeUp = resolve
  })
  let holds = () => {}
  const holding = new Promise<void>((resolve) => {
    holds = resolve
  })
  const first = suspended('p', async (ledger) => {
    await ledger.append(entry('first') as never)
    holds()
    await asleep
  })
  first.catch(() => {})
  await holding
  await on.registry.ledger.append(entry('second') as never)
  wakeUp()
  await expect(first).rejects.toThrow()
  const entries = await on.registry.ledger.entries('p')
  expect(entries.map(({ key }) => key)).toEqual(['second'])
})
