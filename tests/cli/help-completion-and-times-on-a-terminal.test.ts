import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { commandsWithExamples, examplesOf } from '../../cli/commands/examples.js'
import { createProgram } from '../../cli/commands/program.js'
import { commandWords } from '../../cli/completion/command-words.js'
import { completionScript, SHELLS, type Shell } from '../../cli/completion/scripts.js'
import { listText } from '../../cli/views/release-view.js'

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves)

/** The words of a line, without what is meant for the shell. */
const words = (line: string): string[] =>
  (
    line
      .replace(/^source <\((.*)\)$/, '$1')
      .replace(/ > \S+$/, '')
      .match(/"[^"]*"|\S+/g) ?? []
  ).map((word) => word.replaceAll('"', ''))

describe('examples of the help', () => {
  it.each(commandsWithExamples())('those of %s are valid', async (path) => {
    for (const line of examplesOf(path)) {
      const program = await createProgram()
      const ran: string[] = []
      for (const leaf of leaves(program)) {
        leaf.exitOverride().configureOutput({ writeErr: () => {} })
        leaf.action(() => void ran.push(leaf.name()))
      }
      const [slipway, ...args] = words(line)
      expect(slipway).toBe('slipway')
      await program.parseAsync(args, { from: 'user' })
      expect(ran).toEqual([path.split(' ').at(-1)])
    }
  })

  it('are shown by --help', async () => {
    const program = await createProgram('release')
    const start = program.commands
      .find((command) => command.name() === 'release')
      ?.commands.find((command) => command.name() === 'start')
    let shown = ''
    start?.configureOutput({
      writeOut: (text) => {
        shown += text
      },
    })
    start?.outputHelp()
    for (const line of examplesOf('release start')) expect(shown).toContain(line)
  })
})

describe('shell completion', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-completion-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const scriptOf = async (shell: Shell): Promise<string> => {
    const file = join(folder, shell)
    writeFileSync(file, `${completionScript(shell, commandWords(await createProgram()))}\n`)
    return file
  }

  it.each([
    { line: ['rel'], offers: ['release'] },
    { line: ['release', 'wa'], offers: ['watch'] },
    { line: ['release', 'start', 'eta', '--fail-u'], offers: ['--fail-unless'] },
    { line: ['release', 'start', '--fail-unless', ''], offers: ['promoted', 'not-rolled-back'] },
    { line: ['completion', 'z'], offers: ['zsh'] },
    { line: ['release', 'start', 'x'], offers: [] },
  ])('bash offers $offers after $line', async ({ line, offers }) => {
    const ask = `source "$1"; shift; COMP_WORDS=(slipway "$@"); COMP_CWORD=$#; _slipway; printf '%s\\n' "\${COMPREPLY[@]}"`
    const answer = execFileSync('bash', ['-c', ask, 'ask', await scriptOf('bash'), ...line], { encoding: 'utf8' })
    expect(answer.split('\n').filter((word) => word !== '')).toEqual(offers)
  })

  const installed = (shell: Shell) => spawnSync(shell, ['-c', 'true']).status === 0
  it.each(SHELLS.filter(installed))('%s reads its script', async (shell) => {
    const { status, stderr } = spawnSync(shell, ['-n', await scriptOf(shell)], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

describe('times of day', () => {
  const { TZ } = process.env
  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ
    else process.env.TZ = TZ
  })

  it.each([
    { zone: 'Asia/Tokyo', shown: '2026-11-30 04:43' },
    { zone: 'America/St_Johns', shown: '2026-11-29 16:13' },
    { zone: 'UTC', shown: '2026-11-29 19:43' },
  ])('are those of $zone, which is named', ({ zone, shown }) => {
    process.env.TZ = zone
    const run = {
      project: 'eta',
      workflowId: 'release/eta/a',
      releaseId: null,
      stage: 'training',
      verdict: null,
    } as const
    const text = listText([{ ...run, startedAt: '2026-11-29T19:43:07.000Z', reason: null }])
    expect(text.replace(/\s+/g, ' ')).toContain(shown)
    expect(text).toContain(`(${zone})`)
  })
})
