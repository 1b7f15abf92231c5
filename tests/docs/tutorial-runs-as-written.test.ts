/** Every block of the tutorial, typed, edited and seen as a reader would, in a home of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { cacheFolder } from '../../embedded/cache-folder.js'
import { freePort } from '../../embedded/free-port.js'
import { aliveOf, serversOf } from '../support/slipway-process.js'
import { patternOf, type Step, tutorialSteps } from './tutorial-page.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MINUTES = 60_000

const home = mkdtempSync(join(tmpdir(), 'slipway-tutorial-'))
const state = join(home, 'state')
const project = join(home, 'my-projects', 'late')
let second: ChildProcess | undefined
let environment: Record<string, string | undefined>

afterAll(async () => {
  const servers = serversOf(state)
  if (second?.pid !== undefined && second.exitCode === null) {
    // As Ctrl-C in a terminal: to all that runs in it.
    process.kill(-second.pid, 'SIGINT')
    await once(second, 'close')
  }
  expect(await aliveOf(servers)).toEqual([])
  rmSync(home, { recursive: true, force: true })
}, MINUTES)

/** In the terminal, with the environment that earlier commands left there. */
function type(text: string, detached: boolean): { child: ChildProcess; output: () => string } {
  const kept = join(home, 'environment')
  const script = detached ? text : `set -e\n[ ! -f ${kept} ] || . ${kept}\n${text}\nexport -p > ${kept}`
  const child = spawn('bash', ['-c', script], {
    cwd: ROOT,
    env: environment,
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      output += more
    })
  }
  return { child, output: () => output }
}

const seen = (output: string, shows: readonly string[]): readonly string[] =>
  shows.filter((line) => line !== '…' && !patternOf(line).test(output))

async function run({ text, staysUp, shows }: Extract<Step, { kind: 'run' }>): Promise<void> {
  const { child, output } = type(text, staysUp)
  if (!staysUp) {
    const [code] = await once(child, 'close')
    expect({ code, missing: seen(output(), shows) }, output()).toEqual({ code: 0, missing: [] })
    return
  }
  second = child
  for (;;) {
    if (seen(output(), shows).length === 0) return
    if (child.exitCode !== null) throw new Error(`it ended:\n${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function edit({ file, changes }: Extract<Step, { kind: 'edit' }>): void {
  expect(changes.length).toBeGreaterThan(0)
  const before = readFileSync(join(project, file), 'utf8')
  const after = changes.reduce((text, { from, to }) => {
    expect(text, `${file} of the template`).toContain(from)
    return text.replace(from, () => to)
  }, before)
  writeFileSync(join(project, file), after)
}

describe('docs/tutorial.md', () => {
  const steps = tutorialSteps()

  it('has its steps', () => expect(steps.length).toBeGreaterThan(10))

  it(
    'runs as written and shows what it says',
    async () => {
      environment = {
        ...process.env,
        HOME: home,
        SLIPWAY_CACHE: cacheFolder(),
        SLIPWAY_HOME: state,
        SLIPWAY_PORT: String(await freePort()),
        SLIPWAY_PROJECTS: '',
        SLIPWAY_DATABASE_URL: '',
        TEMPORAL_ADDRESS: '',
      }
      for (const step of steps) {
        if (step.kind === 'run') await run(step)
        else if (step.kind === 'file') writeFileSync(join(project, step.file), step.text)
        else edit(step)
      }
    },
    15 * MINUTES,
  )
})
