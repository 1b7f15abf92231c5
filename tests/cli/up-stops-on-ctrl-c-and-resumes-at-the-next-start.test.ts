/** The real command as a child process, in the order a user would: up, a release, Ctrl-C, up again. */
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandOf } from '../../embedded/processes.js'
import { openHome } from '../support/homes.js'
import { slipway } from '../support/slipway.js'
import { aliveOf, type RunningSlipway, startSlipway } from '../support/slipway-process.js'
import { eventually } from '../support/steer.js'

const TOY_PROJECT = fileURLToPath(new URL('../toy-project', import.meta.url))

let home: string
let running: RunningSlipway | undefined
/** Processes of the current start by id, with their command: ids are reused. None may be alive once `up` has ended. */
const started = new Map<number, string | undefined>()
const remember = async () => {
  for (const pid of (await running?.processes()) ?? []) started.set(pid, await commandOf(pid))
}
const left = async () => {
  const alive = await aliveOf([...started.keys()])
  const commands = await Promise.all(alive.map(commandOf))
  return alive.filter((pid, index) => commands[index] === started.get(pid))
}

const environment = () => ({
  SLIPWAY_HOME: home,
  SLIPWAY_PROJECTS: TOY_PROJECT,
  TEMPORAL_ADDRESS: '',
  SLIPWAY_DATABASE_URL: '',
  SLIPWAY_PORT: '0',
})

interface Up {
  readonly temporal: string
  readonly webUi: string
  readonly decisionService: string
  readonly projects: string[]
}

async function up(): Promise<Up> {
  running = startSlipway(['up', '--json'], home, environment())
  const [line] = await running.until(/^\{.*\}$/m)
  started.clear()
  await remember()
  return JSON.parse(line) as Up
}

/** @returns the exit code, after every process of this start has ended */
async function end(name: NodeJS.Signals): Promise<number | null> {
  if (!running) throw new Error('nothing runs')
  await remember()
  running.signal(name)
  const code = await running.ended
  expect(await left(), running.output()).toEqual([])
  running = undefined
  return code
}

/** Exit code and every line of stdout, parsed as JSON; a line that is not JSON fails here. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await slipway([...args, '--json'], environment())
  const lines = stdout.split('\n').filter((line) => line !== '')
  expect(lines.length, stderr).toBeGreaterThan(0)
  return { code, stderr, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}
const one = async (...args: string[]) => (await json(...args)).lines[0] as Record<string, unknown>
const production = async (project = 'toy') =>
  ((await one('alias', 'list')) as unknown as { project: string; production: string }[]).find(
    (row) => row.project === project,
  )?.production
const start = (trigger: string, ...more: string[]) =>
  json('release', 'start', 'toy', '--trigger', trigger, '--speed', '100000', ...more)

const SLOW = ['--parameter', 'epochs=1200', '--parameter', 'epochMs=100']

beforeAll(() => {
  home = openHome('up')
})
afterAll(async () => {
  await running?.clear()
  rmSync(home, { recursive: true, force: true })
})

describe('slipway up', () => {
  let first: Up

  it('starts on an empty home, with a production release of every project', async () => {
    first = await up()
    expect(first.projects).toContain('toy')
    expect(first.temporal).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(await production()).toBe('toy_v1')
    const [temporal, postgres] = (await running?.processes())?.slice(-2) ?? []
    expect(await aliveOf([temporal ?? 0, postgres ?? 0])).toEqual([temporal, postgres])
  })

  it('runs a release to its verdict; the same trigger again is the same release', async () => {
    const { code, lines } = await start('first', '--wait')
    expect(lines).toMatchObject([
      { workflowId: 'release/toy/first', existed: false, workflowUrl: expect.stringContaining(first.webUi) as string },
      { verdict: 'promoted', reason: 'non_inferior', releaseId: 'toy_v2' },
    ])
    expect(code).toBe(0)
    expect(await production()).toBe('toy_v2')
    expect(await start('first')).toMatchObject({ code: 0, lines: [{ workflowId: 'release/toy/first', existed: true }] })
  })

  it('the same trigger over HTTP answers that the release exists', async () => {
    const ask = async (body: object) => {
      const answer = await fetch(`${first.decisionService}/v1/projects/toy/releases`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'the load is in', ...body }),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const found = await ask({ id: 'first' })
    expect(found).toMatchObject({ status: 200, body: { workflowId: 'release/toy/first', existed: true } })
    // Refused where the release would be started, before Temporal is called.
    const future = await ask({ id: 'http', cutoff: '2999-01-01T00:00:00Z' })
    expect(future).toMatchObject({ status: 400, body: { detail: expect.stringContaining('in the future') as string } })
  })

  it('a release on bad data is held with the reason, and records only its trigger and verdict', async () => {
    const before = await production('eta')
    const file = join(home, 'flights.csv')
    writeFileSync(file, 'date,delay,distance,origin,destination\n2013-01-01T05:00,soon,700,JFK,LAX\n')
    const { code, lines } = await json('release', 'start', 'eta', '--snapshot', file, '--trigger', 'bad', '--wait')
    expect(lines[1]).toMatchObject({ verdict: 'held', reason: 'hold:schema_valid', releaseId: null })
    expect(lines[1]?.detail).toMatch(/flights.csv row 1: delay is "soon", which is not a number/)
    expect(code).toBe(0)
    const run = (await one('release', 'show', 'release/eta/bad')) as { entries: { kind: string }[] }
    expect([...new Set(run.entries.map(({ kind }) => kind))].sort()).toEqual(['trigger', 'verdict'])
    expect(await production('eta')).toBe(before)
  })

  it('an action on a finished release is refused and recorded; an action on an unknown release is refused', async () => {
    const note = ['--by', 'ana', '--reason', 'storm']
    const actions = async () =>
      (
        (await one('release', 'show', 'release/toy/first')) as { entries: { kind: string; body: object }[] }
      ).entries.filter(({ kind }) => kind === 'operator_action')
    const before = (await actions()).length
    const finished = await json('release', 'abort', 'release/toy/first', ...note)
    expect(finished).toMatchObject({ code: 2, lines: [{ error: { type: 'BadRequest' } }] })
    expect(finished.stderr).toMatch(/release\/toy\/first is finished \(promoted: non_inferior\); abort changes nothing/)
    const unknown = await json('release', 'promote', 'release/toy/never', ...note)
    expect(unknown).toMatchObject({ code: 2, lines: [{ error: { type: 'BadRequest' } }] })
    expect(unknown.stderr).toMatch(/no release or release run "release\/toy\/never"; see: slipway release list/)
    const after = await actions()
    expect(after).toHaveLength(before + 1)
    expect(after.at(-1)?.body).toMatchObject({ action: 'abort', by: 'ana', accepted: false })
  })

  it('every command prints JSON with --json', async () => {
    const at = new Date(Date.now() + 60_000).toISOString()
    const commands: string[][] = [
      ['project', 'list'],
      ['project', 'init', 'toy'],
      ['release', 'list', '--project', 'toy'],
      ['release', 'show', 'toy_v2'],
      ['release', 'watch', 'release/toy/first'],
      ['alias', 'history', 'toy'],
      ['alias', 'at', 'toy', at],
      ['schedule', 'list'],
      ['registry', 'verify'],
      ['doctor'],
    ]
    // Two commands at a time: CI has two cores.
    while (commands.length > 0) {
      const pair = commands.splice(0, 2)
      const ended = await Promise.all(pair.map((command) => json(...command)))
      ended.forEach(({ code }, index) => {
        expect(code, pair[index]?.join(' ')).toBe(0)
      })
    }
    expect(await one('alias', 'at', 'toy', at)).toMatchObject({ production: 'toy_v2', canary: null })
  })

  it('Ctrl-C during a training ends every process, the trainer too', async () => {
    await start('slow', ...SLOW)
    await eventually('a trainer at work', async () => {
      const commands = await Promise.all(((await running?.processes()) ?? []).map(commandOf))
      return commands.some((command) => /trainer-process.*job\.json/.test(command ?? ''))
    })
    await remember()
    expect(await end('SIGINT')).toBe(0)
  })

  it('the next up has the same addresses, knows all releases and resumes the interrupted one', async () => {
    expect(await up()).toMatchObject({ temporal: first.temporal, webUi: first.webUi })
    expect(await production()).toBe('toy_v2')
    const runs = (await one('release', 'list', '--project', 'toy')) as unknown as Record<string, unknown>[]
    expect(runs).toMatchObject([
      { workflowId: 'release/toy/first', verdict: 'promoted' },
      { workflowId: 'release/toy/slow', verdict: null },
    ])
    const aborted = await json('release', 'abort', 'release/toy/slow', '--by', 'ana', '--reason', 'no need any more')
    expect(aborted).toMatchObject({ code: 0, lines: [{ accepted: true }] })
    expect((await start('slow', '--wait')).lines[1]).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    expect(await one('registry', 'verify')).toMatchObject({ problems: [] })
  })

  it('SIGTERM ends every process too', async () => {
    expect(await end('SIGTERM')).toBe(0)
  })

  it('an artifact with changed bytes is found, and refused before it is loaded; production stays', async () => {
    damage(join(home, 'artifacts', 'sha256'), /"feature":"x"/)
    const verified = await json('registry', 'verify')
    expect(verified.code).toBe(1)
    expect(JSON.stringify(verified.lines)).toMatch(/contains other bytes/)
    await up()
    // Another cutoff, because the same data would give the same artifact, and storing that again would repair it.
    const { code, lines } = await start('after-damage', '--cutoff', '2001-01-18', '--wait')
    expect(lines[1]).toMatchObject({ verdict: 'failed', reason: 'artifact_mismatch' })
    expect(lines[1]?.detail).toMatch(/artifact sha256:\w+ contains other bytes/)
    expect(code).toBe(1)
    expect(await production()).toBe('toy_v2')
    expect(await end('SIGINT')).toBe(0)
  })
})

describe('Ctrl-C while it is still starting', () => {
  it.each(['database: creating it', 'starting workers'])('at "%s" ends everything that had started', async (line) => {
    const other = openHome('starting')
    const starting = startSlipway(['up'], other, { ...environment(), SLIPWAY_HOME: other })
    try {
      await starting.until(new RegExp(line))
      const before = await starting.processes()
      starting.signal('SIGINT')
      expect(await starting.ended).toBe(0)
      expect(await aliveOf([...before, ...(await starting.processes())]), starting.output()).toEqual([])
      expect(starting.output()).not.toMatch(/Slipway is up|slipway: /)
    } finally {
      await starting.clear()
      rmSync(other, { recursive: true, force: true })
    }
  })

  it('a port in use ends everything that had started and exits with 1', async () => {
    const other = openHome('port')
    const taken = createServer()
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening))
    const { port } = taken.address() as { port: number }
    const starting = startSlipway(['up', '--port', String(port)], other, { ...environment(), SLIPWAY_HOME: other })
    try {
      expect(await starting.ended).toBe(1)
      expect(starting.output()).toMatch(new RegExp(`slipway: port ${port} for Temporal is in use; choose another port`))
      expect(await aliveOf(await starting.processes())).toEqual([])
    } finally {
      await starting.clear()
      await new Promise((closed) => taken.close(closed))
      rmSync(other, { recursive: true, force: true })
    }
  })
})

/** Changes one byte of every artifact whose text matches. */
function damage(folder: string, pattern: RegExp): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  let damaged = 0
  for (const file of files.filter((name) => statSync(name).isFile())) {
    const text = readFileSync(file, 'utf8')
    if (!pattern.test(text)) continue
    chmodSync(file, 0o644)
    writeFileSync(
      file,
      text.replace(pattern, (found) => found.replace('x', 'z')),
    )
    damaged += 1
  }
  if (damaged === 0) throw new Error(`no artifact in ${folder} matches ${pattern}`)
}
