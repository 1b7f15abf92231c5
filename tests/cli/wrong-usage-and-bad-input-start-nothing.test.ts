import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../embedded/free-port.js'
import { slipway } from '../support/slipway.js'

let folder: string
let home: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-cli-'))
  home = join(folder, 'home')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  slipway(args, { SLIPWAY_HOME: home, TEMPORAL_ADDRESS: '', SLIPWAY_DATABASE_URL: '', ...environment })

/** Two commands at a time: CI has two cores. */
const pairs = <Item>(items: readonly Item[]): Item[][] =>
  items.flatMap((item, index) =>
    index % 2 === 0 ? [items[index + 1] === undefined ? [item] : [item, items[index + 1] as Item]] : [],
  )

let policies = 0
const policy = (changes: object): string[] => {
  policies += 1
  const file = join(folder, `policy-${policies}.json`)
  writeFileSync(file, JSON.stringify(changes))
  return ['release', 'start', 'eta', '--policy', file]
}

describe('wrong usage exits with 2, says what is wrong and starts nothing', () => {
  const start = ['release', 'start', 'eta']
  const note = ['--by', 'ana', '--reason', 'stocktaking']
  const cases: [string, () => readonly string[], RegExp][] = [
    ['an unknown command', () => ['relaese'], /unknown command 'relaese'/],
    ['an unknown option', () => [...start, '--snapshott', 'x'], /unknown option '--snapshott'/],
    ['a missing argument', () => ['release', 'start'], /missing required argument 'project'/],
    [
      'an operator action without a name',
      () => ['release', 'abort', 'x', '--reason', 'y'],
      /required option '--by <who>' not specified/,
    ],
    [
      'an operator action without a reason',
      () => ['release', 'abort', 'x', '--by', 'ana'],
      /required option '--reason <why>' not specified/,
    ],
    [
      'a file where none can be written',
      () => [
        'judge',
        'plan',
        '--per-day',
        '9000',
        '--rate',
        '.2',
        '--smallest-effect',
        '.2',
        '--out',
        '/proc/x/policy',
      ],
      /--out \/proc\/x\/policy cannot be written \(ENOENT\); name a file in a folder .* or - for standard output/,
    ],
    ['an empty reason', () => ['release', 'abort', 'x', '--by', 'ana', '--reason', ''], /abort: reason is ""/],
    ['unknown project to start', () => ['release', 'start', 'parcels'], /project "parcels" is unknown; known: eta/],
    ['unknown project to init', () => ['project', 'init', 'parcels'], /project "parcels" is unknown/],
    [
      'a first release of two projects from one cutoff',
      () => ['project', 'init', 'eta', 'vision', '--cutoff', '2001-03-01'],
      /--snapshot and --cutoff are for one project; set up each by itself/,
    ],
    [
      'a first release from data that do not exist',
      () => ['project', 'init', 'eta', '--snapshot', join(folder, 'none.csv')],
      /--snapshot .*none.csv does not exist; name a file or folder/,
    ],
    [
      'a parameter that training does not know',
      () => [...start, '--parameter', 'rounds=NaN'],
      /parameters of eta: Unrecognized key: "rounds" \(known parameters: feed, leak, epochs/,
    ],
    ['a parameter out of range', () => [...start, '--parameter', 'epochs=0'], /parameters of eta: epochs is 0: /],
    ['a snapshot from an unset variable', () => [...start, '--snapshot', ' '], /--snapshot is empty; name a file or/],
    ['a first release from tomorrow', () => ['project', 'init', 'eta', '--cutoff', '2999-01-01'], /is in the future/],
    ['unknown project in the ledger', () => ['alias', 'history', 'parcels'], /project "parcels" is unknown/],
    ['unknown project in a list', () => ['release', 'list', '--project', 'parcels'], /project "parcels" is unknown/],
    ['an invalid time', () => ['alias', 'at', 'eta', 'noon'], /time "noon" is not a time; write it as 2001-03-10/],
    ['a cutoff that is not a date', () => [...start, '--cutoff', '2001-02-30'], /--cutoff "2001-02-30" is not a time/],
    [
      'a cutoff in the future',
      () => [...start, '--cutoff', '2999-01-01'],
      /--cutoff 2999-01-01T00:00:00.000Z is in the future; use an earlier time/,
    ],
    [
      'a snapshot that does not exist',
      () => [...start, '--snapshot', join(folder, 'none.csv')],
      /--snapshot \S+none.csv does not exist; name a file or folder/,
    ],
    ['a speed that no clock can hold', () => [...start, '--speed', '1e12'], /--speed is 1000000000000; it must be a/],
    ['traffic at no finite speed', () => ['traffic', 'eta', '--speed', 'Infinity'], /--speed is Infinity; it must be/],
    ['traffic of no finite time', () => ['traffic', 'eta', '--days', 'Infinity'], /--days is Infinity; it must be/],
    ['a speed of zero', () => [...start, '--speed', '0'], /--speed is 0; it must be a number from 0.001 to 10,000,000/],
    ['a speed that is not a number', () => [...start, '--speed', 'fast'], /--speed is NaN; it must be a number from/],
    [
      'a parameter without a value',
      () => [...start, '--parameter', 'epochs'],
      /--parameter "epochs" is not name=value/,
    ],
    ['a negative window', () => policy({ deadline: '-3d' }), /deadline is "-3d": must be a duration/],
    ['a window of zero', () => policy({ labelHorizon: '0d' }), /labelHorizon is "0d": must be longer than zero/],
    [
      'a probation that can never see harm',
      () => policy({ probation: { holdback: 1_000, lasts: '2d' } }),
      /probation\.lasts is 2d: .* it must be at least 3d/,
    ],
    [
      'an unknown key',
      () => policy({ labelHorizen: '2d' }),
      /[Uu]nrecognized key.*labelHorizen.*; known: .*labelHorizon, .*, gates, monitor/,
    ],
    [
      'an unknown key deeper in',
      () => policy({ judge: { maxHarm: 1 } }),
      /judge: [Uu]nrecognized key.*maxHarm.*; known: alpha, .*harmMargin/,
    ],
    ['a threshold out of range', () => policy({ judge: { alpha: 1.5 } }), /judge.alpha is 1.5/],
    [
      'a policy file that does not exist',
      () => [...start, '--policy', join(folder, 'none.json')],
      /policy file .*none.json does not exist; name an existing JSON file/,
    ],
    [
      'unknown project to trigger',
      () => ['schedule', 'trigger', 'parcels'],
      /project "parcels" is unknown; known: eta/,
    ],
    ['unknown project to pause', () => ['schedule', 'pause', 'parcels', ...note], /project "parcels" is unknown/],
    [
      'a schedule paused without a note',
      () => ['schedule', 'pause', 'eta', '--by', 'ana'],
      /required option '--reason <why>' not specified/,
    ],
    [
      'a schedule paused with an empty note',
      () => ['schedule', 'pause', 'eta', '--by', 'ana', '--reason', ' '],
      /--reason is empty; other operators read it/,
    ],
    [
      'a schedule paused with an empty name',
      () => ['schedule', 'pause', 'eta', '--by', '', '--reason', 'stocktaking'],
      /--by is empty; other operators read it/,
    ],
    [
      'a span of months',
      () => ['schedule', 'trigger', 'ranking', '--from', '2020-01-01', '--to', '2026-01-01'],
      /--from 2020-01-01 --to 2026-01-01: more than 31 instants; name a shorter span/,
    ],
    ['a port out of range', () => ['up', '--port', '70000'], /port "70000" is not a number from 1 to 65535/],
  ]

  it.each(pairs(cases).map((pair) => ({ what: pair.map(([what]) => what).join('; '), pair })))(
    '$what',
    async ({ pair }) => {
      await Promise.all(
        pair.map(async ([what, args, message]) => {
          const ended = await run(args())
          expect(ended, what).toMatchObject({ code: 2, stdout: '' })
          expect(ended.stderr).toMatch(message)
          expect(ended.stderr).not.toMatch(/\n\s+at /)
        }),
      )
      expect(existsSync(join(home, 'postgres.json'))).toBe(false)
      expect(existsSync(join(home, 'temporal.json'))).toBe(false)
    },
  )

  it('a home that cannot be written, and an invalid port of the service', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const below = join(file, 'home')
    const [here, port] = await Promise.all([
      run(['release', 'list'], { SLIPWAY_HOME: below }),
      run(['up'], { SLIPWAY_PORT: '99999' }),
    ])
    expect(here).toMatchObject({ code: 2, stdout: '' })
    expect(here.stderr).toContain(`SLIPWAY_HOME ${below} cannot be written`)
    expect(here.stderr).toContain('set it to a folder you may write')
    expect(port).toMatchObject({ code: 2, stdout: '' })
    expect(port.stderr).toContain('SLIPWAY_PORT is "99999"; it must be a number from 0 to 65535')
    expect(existsSync(join(home, 'postgres.json'))).toBe(false)
  })

  it('as JSON: one object on stdout, the same message on stderr', async () => {
    const ended = await run(['release', 'start', 'parcels', '--json'])
    expect(ended.code).toBe(2)
    expect(JSON.parse(ended.stdout)).toEqual({
      error: { type: 'BadRequest', message: expect.stringContaining('"parcels" is unknown') as string },
    })
    expect(ended.stderr.trim().split('\n').length).toBe(1)
  })
})

describe('an unreachable server exits with 1 and says what to do', () => {
  const gone = async () => `127.0.0.1:${await freePort()}`

  it('no Slipway is running; the named Temporal server is unreachable', async () => {
    const address = await gone()
    const [none, named] = await Promise.all([
      run(['release', 'start', 'eta']),
      run(['release', 'start', 'eta', '--json'], { TEMPORAL_ADDRESS: address }),
    ])
    expect(none).toMatchObject({ code: 1, stdout: '' })
    expect(none.stderr).toMatch(/no Slipway is running here; start one with: slipway up/)
    expect(named.code).toBe(1)
    expect(named.stderr).toMatch(
      new RegExp(
        `no Temporal server answers at ${address} \\(.+\\); check TEMPORAL_ADDRESS and TEMPORAL_TLS, or run slipway up`,
      ),
    )
    expect(JSON.parse(named.stdout)).toMatchObject({ error: { type: 'Unavailable' } })
  })

  it('the named registry database is unreachable: each command that needs it says so, without the password', async () => {
    const where = `${await gone()}/releases`
    const environment = { SLIPWAY_DATABASE_URL: `postgres://slipway:correct-horse@${where}` }
    const commands = [
      ['release', 'list'],
      ['release', 'show', 'eta_v1'],
      ['alias', 'list'],
      ['registry', 'verify'],
      ['project', 'init', 'eta'],
      ['release', 'abort', 'x', '--by', 'ana', '--reason', 'y'],
    ]
    for (const pair of pairs(commands)) {
      for (const ended of await Promise.all(pair.map((args) => run(args, environment)))) {
        expect(ended).toMatchObject({ code: 1, stdout: '' })
        expect(ended.stderr).toContain(`no registry database at ${where}`)
        expect(ended.stderr).toContain('SLIPWAY_DATABASE_URL')
        expect(ended.stderr).not.toContain('correct-horse')
      }
    }
  })
})
