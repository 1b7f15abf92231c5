import { rmSync } from 'node:fs'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endProcess } from '../../embedded/processes.js'
import { type HeldServers, type Holder, startHolder } from '../support/holder-process.js'
import { openHome } from '../support/homes.js'
import { aliveOf, serversOf } from '../support/slipway-process.js'

let home: string
let holders: Holder<HeldServers>[]

beforeEach(() => {
  home = openHome('shared')
  holders = []
})
afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.kill()))
  for (const pid of await aliveOf(serversOf(home))) await endProcess(pid)
  rmSync(home, { recursive: true, force: true })
})

const hold = (): Holder<HeldServers> => {
  const holder = startHolder<HeldServers>('hold-servers-main.ts', ['temporal'], { SLIPWAY_HOME: home })
  holders.push(holder)
  return holder
}

async function query(url: string, sql: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as unknown[]
  } finally {
    await client.end()
  }
}

describe('two processes of one home', () => {
  it('that start at the same time share one server of each kind; the last one stops them, and the data stay', async () => {
    const [first, second] = [hold(), hold()]
    const [one, two] = await Promise.all([first.report, second.report])
    expect([two.url, two.pid, two.temporal]).toEqual([one.url, one.pid, one.temporal])
    expect([one.adopted, two.adopted].sort()).toEqual([false, true])
    expect([one.temporalAdopted, two.temporalAdopted].sort()).toEqual([false, true])
    const servers = serversOf(home)
    expect(servers).toEqual([one.temporal, one.pid])

    await query(one.url, 'create table kept as select 7 as seven')
    expect(await first.letGo()).toBe(0)
    expect(await aliveOf(servers)).toEqual(servers)
    expect(await query(two.url, 'select seven from kept')).toEqual([{ seven: 7 }])

    expect(await second.letGo()).toBe(0)
    expect(await aliveOf(servers)).toEqual([])
    const third = hold()
    const again = await third.report
    expect(again).toMatchObject({ adopted: false, temporalAdopted: false })
    expect(await query(again.url, 'select seven from kept')).toEqual([{ seven: 7 }])
    await third.letGo()
  })

  it('of which one is killed: the other adopts its servers and does not wait for the dead process', async () => {
    const killed = hold()
    const before = await killed.report
    await killed.kill()
    const servers = serversOf(home)
    expect(await aliveOf(servers)).toEqual(servers)
    const next = hold()
    expect(await next.report).toMatchObject({ adopted: true, temporalAdopted: true, pid: before.pid })
    expect(await next.letGo()).toBe(0)
    expect(await aliveOf(servers)).toEqual([])
  })

  it('whose servers were killed: they start again with the same data', async () => {
    const first = hold()
    const { url } = await first.report
    await query(url, 'create table kept as select 7 as seven')
    for (const pid of serversOf(home)) process.kill(pid, 'SIGKILL')
    const second = hold()
    const again = await second.report
    expect(again).toMatchObject({ adopted: false, temporalAdopted: false })
    expect(await query(again.url, 'select seven from kept')).toEqual([{ seven: 7 }])
    const servers = serversOf(home)
    await first.letGo()
    expect(await aliveOf(servers)).toEqual(servers)
    await second.letGo()
    expect(await aliveOf(servers)).toEqual([])
  })
})
