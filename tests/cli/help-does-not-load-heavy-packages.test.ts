import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { commandOf, registerCommands } from '../../cli/commands/all-commands.js'
import { freePort } from '../../embedded/free-port.js'
import { slipway } from '../support/slipway.js'

it('the short help in commands/all-commands.ts is that of the command modules', async () => {
  const [shown, whole] = [new Command('slipway'), new Command('slipway')]
  await registerCommands(shown, '')
  await registerCommands(whole)
  expect(shown.helpInformation()).toBe(whole.helpInformation())
  expect(whole.commands.length).toBeGreaterThan(10)
})

it.each([
  [['release', 'list', '--json'], 'release'],
  [['--projects', 'release', 'alias', 'list'], 'alias'],
  [['--projects=x', 'alias'], 'alias'],
  [['help', 'judge'], 'judge'],
  [['--help'], ''],
  [[], ''],
])('the command of %j is %j', (args, command) => {
  expect(commandOf(args)).toBe(command)
})

/** URLs of the files that Node loaded for a command line. */
async function loadedBy(args: readonly string[], environment: Record<string, string> = {}): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-loaded-'))
  try {
    // Node writes a coverage file there, which names every loaded file.
    await slipway(args, { SLIPWAY_HOME: join(folder, 'home'), ...environment, NODE_V8_COVERAGE: folder })
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
    const urls = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/"url":"[^"]+"/g) ?? [])
    expect(urls.some((url) => /cli\/main\.(js|ts)/.test(url))).toBe(true)
    return urls
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
const heavy = (urls: readonly string[]) => [
  ...new Set(
    urls.flatMap(
      (url) =>
        /(?:node_modules|packages)\/(@tensorflow|@temporalio|kysely|pg|zod|sharp|listr2)[/.]/.exec(url)?.[1] ?? [],
    ),
  ),
]

it('help loads no model library, no Temporal and no database client; a list loads only the database client', async () => {
  expect(heavy(await loadedBy(['--help']))).toEqual([])
  expect(heavy(await loadedBy(['relaese']))).toEqual([])
  const gone = `postgres://slipway@127.0.0.1:${await freePort()}/releases`
  const list = heavy(await loadedBy(['release', 'list'], { SLIPWAY_DATABASE_URL: gone }))
  expect(list).toContain('kysely')
  for (const name of ['@tensorflow', '@temporalio', 'sharp', 'listr2']) expect(list).not.toContain(name)
})
