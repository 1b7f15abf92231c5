/**
 * Lines that an earlier build exported: its hashes hold, each body fits the schema of its kind, and the ledger is
 * verified and read as if this build had written it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../contracts/canonical.js'
import { bodiesOf, ENTRY_KINDS, promotedBy } from '../../contracts/ledger/index.js'
import { evidenceOf } from '../../releases/looks/recorded-looks.js'
import { misfitsOf } from '../support/published-entry-schemas.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const linesOf = (name: string): string[] =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

/**
 * One whole ledger: a run that was refused a promotion by hand, was approved by another person, and stayed promoted.
 */
const ledger = linesOf('ledger-of-an-earlier-build.jsonl')
/** One entry of each kind that is not in it, out of other ledgers. */
const others = linesOf('entries-of-an-earlier-build.jsonl')

interface Line {
  readonly kind: string
  readonly body: string
  readonly hash: string
  readonly [field: string]: unknown
}
const parse = (line: string) => JSON.parse(line) as Line

describe('each line', () => {
  it('is of a kind that this build knows, and all that were ever written are there', () => {
    const kinds = new Set([...ledger, ...others].map((line) => parse(line).kind))
    // The second is newer than these lines.
    expect(ENTRY_KINDS.filter((kind) => !kinds.has(kind))).toEqual(['decision_offline', 'source'])
  })

  it('has the hash it was recorded with', () => {
    for (const line of [...ledger, ...others]) {
      const { hash, ...entry } = parse(line)
      expect(digestOf(entry)).toBe(hash)
    }
  })

  it('fits the published schema of its kind', () => {
    expect([...ledger, ...others].flatMap(misfitsOf)).toEqual([])
  })

  it('that was changed does not', () => {
    const [line = ''] = ledger.filter((one) => parse(one).kind === 'verdict')
    const { verdict, ...body } = JSON.parse(parse(line).body) as Record<string, unknown>
    const change = (to: object) => misfitsOf(JSON.stringify({ ...parse(line), body: JSON.stringify(to) }))
    expect(change({ ...body, verdict })).toEqual([])
    expect(change(body).join()).toContain("must have required property 'verdict'")
    expect(change({ ...body, verdict: 'won' }).join()).toContain('/verdict must be equal to one of')
    expect(change({ ...body, verdict, at: '2026-01-01T00:00:00.000Z' }).join()).toContain('additional properties')
  })
})

it('the program in docs/export.md validates a file from its lines alone', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const program = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/export.md'), 'utf8'))?.[1] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'slipway-lines-'))
  const validate = (lines: readonly string[]) => {
    writeFileSync(join(folder, 'releases.jsonl'), `${lines.join('\n')}\n`)
    return spawnSync(process.execPath, ['validate.mjs'], { cwd: folder, encoding: 'utf8' })
  }
  try {
    for (const name of ['contracts', 'node_modules']) symlinkSync(join(root, name), join(folder, name))
    writeFileSync(join(folder, 'validate.mjs'), program)
    expect(validate([...ledger, ...others])).toMatchObject({ status: 0, stderr: '' })
    const wrong = ledger.map((line) => line.replace('\\"accepted\\":true', '\\"accepted\\":1'))
    expect(wrong).not.toEqual(ledger)
    const found = validate(wrong)
    expect(found.status).toBe(1)
    expect(found.stderr).toMatch(/^line \d+, operator_action: data\/accepted must be boolean/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describe('the whole ledger in a database', () => {
  let test: TestRegistry
  beforeAll(async () => {
    test = await testRegistry()
    for (const line of ledger) {
      const { project, seq, kind, subject, key, body, at, prev, hash } = parse(line)
      await test.app.query(
        `insert into chain_entries (project, seq, kind, subject, key, body, at, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [project, seq, kind, subject, key, body, at, prev, hash],
      )
    }
  })
  afterAll(() => test?.stop())

  it('verifies, but for the bytes, which are not in it', async () => {
    const { entries, problems } = await test.registry.ledger.verify()
    expect(entries).toBe(ledger.length)
    expect(problems.filter(({ what }) => !/is missing|not there/.test(what))).toEqual([])
  })

  it('is exported as the same lines', async () => {
    const again: string[] = []
    await test.registry.ledger.export(async (line) => void again.push(line.trimEnd()))
    expect(again).toEqual(ledger)
  })

  it('is read by every reader that knows its kinds', async () => {
    const { registry } = test
    const [run] = await registry.runs.list('toy')
    expect(run).toMatchObject({ stage: 'done', verdict: 'promoted' })
    const workflowId = run?.workflowId ?? ''
    const { entries } = await registry.runs.get(workflowId)
    const looks = bodiesOf(entries, 'judgement')
    expect(looks.length).toBeGreaterThan(1)
    for (const look of looks) expect(evidenceOf('toy', look).cohorts).toEqual(look.cohorts)
    expect(bodiesOf(entries, 'approval').map(({ state }) => state)).toEqual(['asked', 'given'])
    expect(bodiesOf(entries, 'operator_action').map(({ action }) => action)).toContain('promote')
    const moves = await registry.aliases.history('toy')
    expect(moves.flatMap((move) => promotedBy(move) ?? [])).toEqual([workflowId])
    const { production, canary } = await registry.aliases.current('toy')
    expect({ production, canary }).toEqual({ production: run?.releaseId, canary: null })
    expect((await registry.releases.get(production ?? '')).workflowId).toBe(workflowId)
  })

  it('takes a step that is retried after the upgrade as the one that it has', async () => {
    const [entry] = await test.registry.ledger.entries('toy', { kind: 'verdict' })
    if (!entry) throw new Error('there is a verdict')
    const { project, kind, subject, key, body } = entry
    expect(await test.registry.ledger.append({ project, kind, subject, key, body })).toEqual(entry)
    expect(await test.registry.ledger.entries('toy')).toHaveLength(ledger.length)
  })
})
