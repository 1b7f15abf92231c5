import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { commandsWithExamples, examplesOf } from '../../cli/commands/examples.js'
import { createProgram } from '../../cli/commands/program.js'
import { commandWords, wordOf } from '../../cli/completion/command-words.js'
import { completionScript, SHELLS, type Shell } from '../../cli/completion/scripts.js'
import { listText } from '../../cli/views/release-view.js'

const SUPPORT = fileURLToPath(new URL('../support', import.meta.url))

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
    const projects = [wordOf('eta', 'Late-delivery warning'), wordOf('parcel_photos', "the owner's `rm` of $HOME")]
    writeFileSync(file, `${completionScript(shell, commandWords(await createProgram(), projects), projects)}\n`)
    return file
  }

  /** What the shell itself offers, in a folder that holds one file. */
  const offered: Record<Shell, (script: string, line: string, cwd: string) => string> = {
    bash: (script, line, cwd) => {
      const ask = `source "$1"; shift; COMP_WORDS=(slipway "$@"); COMP_CWORD=$#; _slipway
        if [ \${#COMPREPLY[@]} -eq 0 ]; then compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"; fi; printf '%s\\n' "\${COMPREPLY[@]}"`
      return execFileSync('bash', ['-c', ask, 'ask', script, ...line.split(' ')], { encoding: 'utf8', cwd })
    },
    zsh: (script, line, cwd) => {
      const offers = join(mkdtempSync(join(folder, 'offers-')), 'words')
      const { status } = spawnSync('zsh', ['-f', join(SUPPORT, 'ask-zsh.zsh'), script, offers, `slipway ${line}`], {
        cwd,
        timeout: 60_000,
      })
      expect(status).toBe(0)
      return existsSync(offers) ? readFileSync(offers, 'utf8') : ''
    },
    fish: (script, line, cwd) => {
      const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
      const ask = `source ${script}; complete -C "slipway ${line}"`
      return execFileSync('fish', ['-c', ask], { encoding: 'utf8', cwd, env }).replaceAll(/\t.*/g, '')
    },
  }

  const installed = SHELLS.filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0)
  it.each(installed)(
    '%s offers commands, options, values, projects once, and files after an option that takes one',
    async (shell) => {
      const script = await scriptOf(shell)
      const cwd = mkdtempSync(join(folder, 'files-'))
      writeFileSync(join(cwd, 'policy.json'), '{}')
      const offers = (line: string) => offered[shell](script, line, cwd).split('\n').filter(Boolean).sort()
      expect(offers('rel')).toEqual(['release'])
      expect(offers('release wa')).toEqual(['watch'])
      expect(offers('release start eta --fail-u')).toEqual(['--fail-unless'])
      expect(offers('release start --fail-unless ')).toEqual(['not-rolled-back', 'promoted'])
      expect(offers('completion z')).toEqual(['zsh'])
      expect(offers('release start ')).toEqual(['eta', 'parcel_photos'])
      expect(offers('rollback pa')).toEqual(['parcel_photos'])
      expect(offers('release list --project ')).toEqual(['eta', 'parcel_photos'])
      expect(offers('snapshot check eta ')).toEqual(['policy.json'])
      expect(offers('release start eta --policy ')).toEqual(['policy.json'])
      expect(offers('release start x')).toEqual([])
    },
  )

  it.each(installed)('%s reads its script', async (shell) => {
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
