import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson, digestOf, sha256 } from '../../contracts/canonical.js'
import type { LedgerHead } from '../../contracts/schemas/heads.js'
import { headObject } from '../../contracts/schemas/index.js'
import { noticeOf } from '../../notify/notice.js'
import { openNamedObjects } from '../../registry/artifacts/named-objects.js'
import type { LedgerEntry } from '../../registry/index.js'
import { appendAnything } from '../support/append-anything.js'
import { s3Server } from '../support/s3-server.js'
import { slipway } from '../support/slipway.js'
import { changeWithoutTriggers, type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry
let exported: string[]
let folder: string
beforeAll(async () => {
  test = await testRegistry()
  folder = mkdtempSync(join(tmpdir(), 'slipway-kept-'))
})
afterAll(async () => {
  await test?.stop()
  rmSync(folder, { recursive: true, force: true })
})

let count = 0
let project: string
/** Five entries of a project of its own, exported. */
beforeEach(async () => {
  count += 1
  project = `kept-${count}`
  for (const number of [1, 2, 3, 4, 5]) await add(number)
  exported = await exportOf(project)
})

const add = (number: number): Promise<LedgerEntry> => {
  const body = { workflowId: 'w', signal: 'latency', arm: 'canary', value: number, threshold: 1, power: 'pause' }
  return appendAnything(test.registry, { project, kind: 'breach', subject: 'w', key: `entry ${number}`, body })
}

async function exportOf(name: string): Promise<string[]> {
  const lines: string[] = []
  await test.registry.ledger.export(async (line) => void lines.push(line.trimEnd()), name)
  return lines
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}
const compare = (lines: readonly string[]) => test.registry.ledger.compare(each(lines), 'the file')

interface Line {
  readonly seq: number
  readonly body: string
  readonly hash: string
}

/** Changes an entry and writes all hashes after it again, with the head, as a user who disables the triggers can. */
async function rewriteFrom(seq: number): Promise<void> {
  let prev = (JSON.parse(exported[seq - 2] ?? '{"hash":null}') as { hash: string | null }).hash
  for (const text of exported.slice(seq - 1)) {
    const { hash: _hash, ...entry } = JSON.parse(text) as Line
    const body = entry.seq === seq ? entry.body.replace(/"value":\d/, '"value":9') : entry.body
    const hash = digestOf({ ...entry, body, prev })
    const where = 'where project = $1 and seq = $2'
    await changeWithoutTriggers(test.owner, `update chain_entries set body = $3, prev_hash = $4, hash = $5 ${where}`, [
      project,
      entry.seq,
      body,
      prev,
      hash,
    ])
    prev = hash
  }
  await changeWithoutTriggers(test.owner, 'update chain_heads set hash = $2 where project = $1', [project, prev])
}

const problems = async () => (await test.registry.ledger.verify()).problems.filter((one) => one.project === project)

it('the same ledger is the same, also when it has grown since, and of one project among several', async () => {
  await add(6)
  expect(await compare(exported)).toEqual({ whole: true, compared: 5, projects: [project], differences: [] })
})

it.each([
  [1, 'differs from the first entry: rewritten, or this record is of another installation'],
  [3, 'is the first entry that differs'],
])('rewritten consistently from entry %s: verify alone sees nothing, an export names the entry', async (seq, says) => {
  await rewriteFrom(seq)
  expect(await problems()).toEqual([])
  const { differences } = await compare(exported)
  expect(differences).toEqual([{ project, seq, what: expect.stringContaining(says) }])
})

it('entries removed at the end, with the head: the record is the longer one', async () => {
  await changeWithoutTriggers(test.owner, 'delete from chain_entries where project = $1 and seq > 3', [project])
  const { hash } = JSON.parse(exported[2] ?? '') as Line
  await changeWithoutTriggers(test.owner, 'update chain_heads set seq = 3, hash = $2 where project = $1', [
    project,
    hash,
  ])
  expect(await problems()).toEqual([])
  expect((await compare(exported)).differences).toEqual([
    { project, seq: 4, what: 'the ledger ends with entry 3, the record continues to 5: entries were removed' },
  ])
})

it('an export of another installation differs in its first entry, or has no ledger here', async () => {
  const lines = (await exportOf(project)).map((line) => JSON.parse(line) as Line)
  const of = (changes: object) => {
    let prev: string | null = null
    return lines.map(({ hash: _hash, ...entry }) => {
      const other = { ...entry, ...changes, prev }
      prev = digestOf(other)
      return canonicalJson({ ...other, hash: prev })
    })
  }
  expect((await compare(of({ at: '2020-01-01T00:00:00.000Z' }))).differences).toMatchObject([{ project, seq: 1 }])
  expect((await compare(of({ project: 'elsewhere' }))).differences).toEqual([
    { project: 'elsewhere', seq: 1, what: expect.stringContaining('this registry has no entry of the project') },
  ])
})

describe('a record that is not what was written is refused, and the line is named:', () => {
  it.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      'a changed byte',
      (all) => all.with(2, all[2]?.replace('"value\\":3', '"value\\":4') ?? ''),
      /line 3 does not have its hash/,
    ],
    ['a missing line', (all) => all.toSpliced(1, 1), /line 2, entry 3 of .*a line is missing/],
    ['a missing first line', (all) => all.slice(1), /line 1, entry 2 of/],
    ['a line cut in the middle', (all) => all.with(4, all[4]?.slice(0, 90) ?? ''), /line 5 is not an entry/],
    ['another file', () => ['hello'], /line 1 is neither/],
    ['an empty file', () => [], /it is empty/],
  ])('%s', async (_what, change, says) => {
    const refused = compare(change(exported))
    await expect(refused).rejects.toMatchObject({ type: 'BadRequest', message: expect.stringMatching(says) })
  })
})

describe('the heads outside of the database', () => {
  const kept = () => readdirSync(join(test.artifactsFolder, 'heads')).sort()

  it('are one object a day, which nothing replaces, and which continues the object before', async () => {
    const { heads } = test.registry.ledger
    const before = Buffer.from(canonicalJson({ what: 'the object of a day of this year' }))
    const date = new Date(Date.now() - 9 * 86_400_000).toISOString().slice(0, 10)
    await openNamedObjects(test.artifactsFolder).create(`heads/${date}.json`, before)
    const known = await heads()
    const { name: recorded, written } = await test.registry.ledger.recordHeads()
    const name = recorded ?? ''
    expect(written).toBe(true)
    const file = join(test.artifactsFolder, name)
    const text = readFileSync(file, 'utf8')
    const object = headObject.parse(JSON.parse(text))
    expect(object.heads).toEqual(known)
    expect(object.previous).toEqual({ name: `heads/${date}.json`, digest: sha256(before) })
    await add(6)
    expect(await test.registry.ledger.recordHeads()).toEqual({ name, written: false })
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(kept()).toEqual([`${date}.json`, name.slice('heads/'.length)])

    expect((await compare([text.trimEnd()])).differences).toEqual([])
    const { seq } = object.heads.find((one) => one.project === project) ?? { seq: 0 }
    exported = await exportOf(project)
    await rewriteFrom(2)
    expect(await problems()).toMatchObject([{ seq, what: expect.stringContaining(name) }])
    expect(await compare([text.trimEnd()])).toMatchObject({
      whole: false,
      differences: [{ project, seq, what: expect.stringContaining('it or an entry before it was changed') }],
    })
  })

  it('are in each notice, which is a record to compare with', async () => {
    const notice = noticeOf(await add(7))
    const record = [JSON.stringify(notice)]
    expect(await compare(record)).toMatchObject({ compared: 1, differences: [] })
    exported = await exportOf(project)
    await rewriteFrom(1)
    expect((await compare(record)).differences).toMatchObject([{ project, seq: 6 }])
  })

  it('are written once in a bucket too, however many processes write', async () => {
    const server = await s3Server()
    try {
      const objects = openNamedObjects(`s3://${server.bucket}/releases`, server.environment)
      expect(await objects.read('heads/2026-01-01.json')).toBeNull()
      const written = await Promise.all(
        ['a', 'b', 'c'].map((text) => objects.create('heads/2026-01-01.json', Buffer.from(text))),
      )
      expect(written.filter(Boolean)).toHaveLength(1)
      const winner = ['a', 'b', 'c'][written.indexOf(true)]
      expect(Buffer.from((await objects.read('heads/2026-01-01.json')) ?? []).toString()).toBe(winner)
    } finally {
      await server.stop()
    }
  })
})

describe('verify without a record compares with the objects of heads', () => {
  const objects = () => openNamedObjects(test.artifactsFolder)
  const nameOf = (daysAgo: number) =>
    `heads/${new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)}.json`
  const write = async (name: string, heads: readonly LedgerHead[], previous: unknown = null) => {
    const date = name.slice('heads/'.length, -'.json'.length)
    const object = { schema: 'slipway.heads/1', date, at: `${date}T00:00:00.000Z`, heads, previous }
    await objects().create(name, Buffer.from(`${canonicalJson(object)}\n`))
  }
  const headOf = async () => (await test.registry.ledger.heads()).filter((one) => one.project === project)

  it('and names the oldest that differs, also when a newer one was written after the rewriting', async () => {
    const [old, older] = [nameOf(40), nameOf(50)]
    await write(older, await headOf())
    await write(old, await headOf())
    expect(await problems()).toEqual([])
    await rewriteFrom(2)
    await write(nameOf(2), await headOf())
    const { heads } = await test.registry.ledger.verify()
    expect(heads).toMatchObject({ oldest: older, unread: null })
    expect(await problems()).toEqual([
      { project, seq: 5, what: expect.stringMatching(`it or an entry before it was changed.*compared with ${older}`) },
    ])
  })

  it('at most 31 of them, and none older than a year', async () => {
    for (let day = 100; day < 135; day += 1) await write(nameOf(day), [])
    await write(nameOf(400), [])
    const { heads } = await test.registry.ledger.verify()
    expect(heads.objects).toBe(31)
    expect((heads.oldest ?? '') > nameOf(135)).toBe(true)
  })

  it('an object that was changed, or is not the one that the next continues, is a problem itself', async () => {
    const all = async () => (await test.registry.ledger.verify()).problems.filter((one) => one.project === '*')
    const before = (await all()).length
    await write(nameOf(4), [], { name: nameOf(5), digest: `sha256:${'0'.repeat(64)}` })
    await objects().create(nameOf(5), Buffer.from('{}'))
    const found = (await all()).map(({ what }) => what)
    expect(found).toContain(`${nameOf(5)} is not an object of heads: it was changed`)
    expect(found).toContain(`${nameOf(5)} is not the object that ${nameOf(4)} continues`)
    expect(found).toHaveLength(before + 2)
  })

  it('a store that cannot be read is named, and the ledger is checked all the same', async () => {
    const other = await testRegistry()
    try {
      // A file in the place of the folder.
      writeFileSync(join(other.artifactsFolder, 'heads'), '')
      const { heads, problems: found } = await other.registry.ledger.verify()
      expect(heads).toEqual({ objects: 0, oldest: null, unread: expect.stringContaining('heads/') })
      expect(found).toEqual([])
    } finally {
      await other.stop()
    }
  })
})

describe('slipway registry verify --against', () => {
  const verify = (against: string) =>
    slipway(['registry', 'verify', '--against', against, '--json'], {
      SLIPWAY_DATABASE_URL: test.url,
      // Without the heads of ledgers that other tests have rewritten.
      SLIPWAY_ARTIFACTS: join(folder, 'artifacts'),
    })

  it('reads an object of a bucket by its s3:// address, and refuses one that is not there', async () => {
    const server = await s3Server()
    const { url: SLIPWAY_DATABASE_URL, artifactsFolder: SLIPWAY_ARTIFACTS } = test
    const environment = { ...server.environment, SLIPWAY_DATABASE_URL, SLIPWAY_ARTIFACTS }
    const ask = (against: string) => slipway(['registry', 'verify', '--against', against, '--json'], environment)
    try {
      const heads = (await test.registry.ledger.heads()).filter((one) => one.project === project)
      const object = {
        schema: 'slipway.heads/1',
        date: '2026-01-01',
        at: '2026-01-01T00:00:00.000Z',
        heads,
        previous: null,
      }
      const kept = openNamedObjects(`s3://${server.bucket}/releases`, server.environment)
      await kept.create('heads/2026-01-01.json', Buffer.from(`${canonicalJson(object)}\n`))
      const { stdout } = await ask(`s3://${server.bucket}/releases/heads/2026-01-01.json`)
      expect(JSON.parse(stdout)).toMatchObject({ against: { compared: 1, projects: [project], differences: [] } })
      const missing = { code: 2, stderr: expect.stringContaining('there is no such object') }
      expect(await ask(`s3://${server.bucket}/releases/heads/2026-01-02.json`)).toMatchObject(missing)
      expect(await ask(`s3://${server.bucket}`)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('s3://bucket/key'),
      })
    } finally {
      await server.stop()
    }
  })

  it('exits 0 for the same, 1 for a difference, 2 for a file that cannot be used; a URL is read like a file', async () => {
    const file = join(folder, 'releases.jsonl')
    writeFileSync(file, `${exported.join('\n')}\n`)
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/kept' ? 200 : 404).end(readFileSync(file))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const same = await verify(`${address}/kept`)
      expect(JSON.parse(same.stdout)).toMatchObject({ against: { compared: 5, differences: [] }, problems: [] })
      expect(same.code).toBe(0)
      expect(await verify(`${address}/missing`)).toMatchObject({ code: 2, stderr: expect.stringContaining('404') })
      expect(await verify(join(folder, 'no-such-file'))).toMatchObject({ code: 2 })
      writeFileSync(join(folder, 'cut'), exported.join('\n').slice(0, -9))
      expect(await verify(join(folder, 'cut'))).toMatchObject({ code: 2, stderr: expect.stringContaining('line 5') })
      await rewriteFrom(2)
      const differs = await verify(file)
      expect(differs.code).toBe(1)
      expect(JSON.parse(differs.stdout)).toMatchObject({ against: { differences: [{ project, seq: 2 }] } })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
