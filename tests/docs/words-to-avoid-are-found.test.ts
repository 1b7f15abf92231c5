import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function check(name: string, text: string, script = 'scripts/check-words.mjs') {
  const file = join(folder, name)
  writeFileSync(file, text)
  const { status, stderr } = spawnSync(process.execPath, [script, file], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stderr: stderr.replaceAll(file, name) }
}

describe('the check of words to avoid', () => {
  it.each([
    ['an error message', 'error.ts', "throw new Error('nobody told the worker')", ['error.ts:1: "nobody"', '"told"']],
    ['a template', 'template.ts', `const said = \`\${name} goes on\``, ['template.ts:1: "goes on"']],
    ['a page', 'page.md', '# Title\n\nMend it for ever.\n', ['page.md:3: "Mend" → fix, repair', '"for ever"']],
    ['a dangling start', 'of.md', 'It ends. Of these one is recorded.\n', ['of.md:1: ". Of"']],
  ])('finds them in %s', (_what, name, text, expected) => {
    const { status, stderr } = check(name, text)
    expect(status).toBe(1)
    for (const line of expected) expect(stderr).toContain(line)
  })

  it.each([
    ['plain English', 'good.ts', "throw new Error('the worker was not notified; run slipway doctor')"],
    [
      'names, comments and SQL',
      'names.ts',
      "// nobody is told\nconst told = row['told'] ?? sql`select told from for_ever`",
    ],
    ['a name that is fixed', 'fixed.ts', "const key = 'go on' // words: fixed"],
    ['code on a page', 'code.md', 'The field `told by nobody`.\n\n```\nnobody is told\n```\n'],
  ])('passes %s', (_what, name, text) => {
    expect(check(name, text)).toEqual({ status: 0, stderr: '' })
  })
})

describe('the check of comments', () => {
  const columns = (count: number) => check('wide.ts', `/** ${'𝔼'.repeat(count - 7)} */\n`, 'scripts/check-comments.mjs')

  it('takes 120 columns and names the line of more', () => {
    expect(columns(120)).toMatchObject({ status: 0, stderr: '' })
    expect(columns(121)).toMatchObject({ status: 1, stderr: 'wide.ts:1: a comment of 121 columns; wrap it at 120\n' })
  })
})
