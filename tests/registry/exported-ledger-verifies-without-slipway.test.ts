import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appendAnything } from '../support/append-anything.js'
import { releases, type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry
let lines: string[]
beforeAll(async () => {
  test = await testRegistry()
  await releases(test.registry, 'toy', 3)
  await releases(test.registry, 'other', 2)
  // Programs treat these differently: numbers, key order, characters that may be escaped, and text that looks like
  // JSON.
  const body = {
    ä: 'ü "\\ \u2028 😀',
    b: [1e21, 1e-7, 0.1 + 0.2, -0, null, { z: 1, a: '{"hash":1}' }],
    Z: '',
    '10': 1,
    '9': 2,
  }
  for (const key of ['k1', 'k2'])
    await appendAnything(test.registry, { project: 'toy', kind: 'breach', subject: 'w/ü', key, body })
  lines = []
  await test.registry.ledger.export(async (line) => void lines.push(line))
})
afterAll(() => test?.stop())

/** Follows docs/export.md without any code of Slipway. @returns numbers of the invalid lines, from 1 */
function wrongLines(text: string): number[] {
  const heads = new Map<string, { seq: number; hash: string }>()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line, index) => {
      const { hash, ...entry } = JSON.parse(line) as Record<string, string | number | null>
      const project = String(entry.project)
      const before = heads.get(project)
      const sorted = `{${Object.keys(entry)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${JSON.stringify(entry[key])}`)
        .join(',')}}`
      const found = `sha256:${createHash('sha256').update(sorted, 'utf8').digest('hex')}`
      heads.set(project, { seq: Number(entry.seq), hash: String(hash) })
      const follows = entry.seq === (before?.seq ?? 0) + 1 && entry.prev === (before?.hash ?? null)
      return found === hash && follows ? [] : [index + 1]
    })
}

it('hashes and order can be recomputed from the file alone', async () => {
  expect(lines).toHaveLength(7)
  expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
  expect(wrongLines(lines.join(''))).toEqual([])
})

it('an export of one project contains its entries only, and returns the head to keep elsewhere', async () => {
  const own: string[] = []
  const { entries, heads } = await test.registry.ledger.export(async (line) => void own.push(line), 'other')
  expect({ entries, own: own.length }).toEqual({ entries: 2, own: 2 })
  const newest = JSON.parse(own.at(-1) ?? '') as { seq: number; hash: string }
  expect(heads).toEqual([{ project: 'other', seq: newest.seq, hash: newest.hash }])
  expect(wrongLines(own.join(''))).toEqual([])
})

it.each([
  ['one changed character of a body', (all: string[]) => all.with(3, all[3]?.replace('0.01', '0.02') ?? ''), [4]],
  ['a removed line', (all: string[]) => all.toSpliced(3, 1), [4]],
  ['two swapped lines', (all: string[]) => all.with(3, all[4] ?? '').with(4, all[3] ?? ''), [4, 5, 6]],
  ['a repeated line', (all: string[]) => all.toSpliced(3, 0, all[2] ?? ''), [4]],
  [
    'a line with another hash',
    (all: string[]) => all.with(3, all[3]?.replace(/"hash":"sha256:...../, '"hash":"sha256:00000') ?? ''),
    [4, 5],
  ],
])('%s is found', (_what, change, wrong) => {
  const changed = change(lines)
  expect(changed).not.toEqual(lines)
  expect(wrongLines(changed.join(''))).toEqual(wrong)
})

const pythonIsMissing = !process.env.CI && spawnSync('python3', ['--version']).status !== 0
if (pythonIsMissing) console.warn('skipped: no python3')

it.skipIf(pythonIsMissing)('the Python program in docs/export.md agrees', () => {
  const text = readFileSync(new URL('../../docs/export.md', import.meta.url), 'utf8')
  const program = /```python\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'slipway-export-'))
  const check = (content: readonly string[]) => {
    writeFileSync(join(folder, 'releases.jsonl'), content.join(''))
    return spawnSync('python3', ['-c', program], { cwd: folder, encoding: 'utf8' })
  }
  try {
    const whole = check(lines)
    expect(whole.stderr).toBe('')
    expect(whole.stdout).toContain("'toy': (5, 'sha256:")
    expect(check(lines.toSpliced(3, 1))).toMatchObject({ status: 1, stderr: 'line 4 is not what was recorded\n' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
