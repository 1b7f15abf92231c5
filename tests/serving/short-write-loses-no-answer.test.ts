/**
 * A disk that becomes full stores a part of a write without an error, and only the next one fails. Such an append is
 * refused, and what is appended later is readable.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run } from '../../embedded/run-command.js'
import { parseLines } from '../../serving/log/spool-lines.js'

const RUN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const PROGRAM = fileURLToPath(new URL('spool-until-full.ts', import.meta.url))

/** @returns the ids whose append succeeded, and the lines of the file */
async function untilFull(what: 'spool' | 'refused'): Promise<{ answered: string[]; lines: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-full-'))
  const child = spawn(process.execPath, [RUN, PROGRAM, folder, what], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const says = async (word: string) => {
      while (!output.includes(word)) await once(child.stdout, 'data')
    }
    const mayWrite = (bytes: string) =>
      run('prlimit', [`--pid=${child.pid}`, `--fsize=${bytes}:unlimited`], { timeoutMs: 10_000 })
    await says('ready')
    // No multiple of a line: the last write stores a part of it.
    expect(await mayWrite('4000')).toMatchObject({ ok: true })
    child.stdin.write('begin\n')
    await says('full')
    await mayWrite('unlimited')
    child.stdin.write('again\n')
    await once(child, 'close')
    const [file = ''] = readdirSync(folder)
    const lines = readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1)
    return { answered: JSON.parse(output.slice(output.indexOf('['))) as string[], lines }
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

describe.runIf(process.platform === 'linux')('while the disk is full', () => {
  it('each decision whose append succeeded is a whole line of the spool', async () => {
    const { answered, lines } = await untilFull('spool')
    const { rows, refused } = parseLines(lines)
    expect(answered.length).toBeGreaterThan(9)
    expect(refused).toEqual([])
    expect(rows.map(({ row }) => row.decisionId)).toEqual(answered)
  })

  it('no refused decision is kept in part', async () => {
    const { answered, lines } = await untilFull('refused')
    expect(answered.length).toBeGreaterThan(9)
    expect(lines.map((line) => (JSON.parse(line) as { line: string }).line)).toEqual(answered)
  })
})

it('only the spool writes by handle, in a loop: everything else writes files whole', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const others = ['tests', 'node_modules', 'dist']
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (item) => item.isDirectory() && !item.name.startsWith('.') && !others.includes(item.name),
  )
  const writing = folders.flatMap(({ name: folder }) =>
    readdirSync(join(root, folder), { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name))
      .filter((file) => /handle\.write\(/i.test(readFileSync(join(root, file), 'utf8'))),
  )
  expect(writing).toEqual([join('serving', 'log', 'spool.ts')])
})
