/** Parts of `npm run compose:check` that need no container engine. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { run } from '../../embedded/run-command.js'
import { runIn } from '../../scripts/compose-check/commands.js'
import { makeSite, OWN } from '../../scripts/compose-check/site.js'
import { containersOf, missing } from '../../scripts/compose-check/states.js'
import { composeFile, ownProjects, ROOT, withOverride } from '../support/compose-file.js'
import { RUN_SOURCE } from '../support/run-source.js'

it('without a container engine it says in one line how to get there', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'slipway-empty-'))
  try {
    const ran = await run(process.execPath, [RUN_SOURCE, 'scripts/compose-check/main.ts'], {
      cwd: ROOT,
      env: { ...process.env, PATH: empty },
      timeoutMs: 120_000,
    })
    expect(ran.ok).toBe(false)
    expect(ran.output.trim()).toMatch(/^no container engine with Compose runs here: install Docker.*$/)
  } finally {
    rmSync(empty, { recursive: true })
  }
})

it('its installation has secrets of its own, a project of a user, and ports of this machine only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-site-'))
  try {
    const settings = { image: 'own', tag: 'first', port: 1, uiPort: 2 }
    const env = await makeSite(ROOT, folder, runIn(folder), settings)
    const { services } = withOverride(composeFile(env), ownProjects())
    expect(services[`worker-${OWN}`]).toMatchObject({
      image: 'own:first',
      environment: { SLIPWAY_PROJECTS: `/projects/${OWN}` },
    })
    const ports = Object.values(services).flatMap(({ ports: published = [] }) => published)
    expect(ports.sort()).toEqual(['127.0.0.1:1:7070', '127.0.0.1:2:8080'])
    expect(readFileSync(join(folder, '.env'), 'utf8')).toContain('\nCOMPOSE_PROJECT_NAME=slipway-check\n')
    expect(readdirSync(folder).sort()).toEqual(['.env', 'deploy', 'docker-compose.own.yml', 'docker-compose.yml'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('a service is waited for until it is healthy, a job until it has ended with 0', () => {
  const states = [
    { Service: 'postgres', State: 'running', Health: 'healthy', ExitCode: 0 },
    { Service: 'worker', State: 'running', Health: 'starting', ExitCode: 0 },
    { Service: 'migrate', State: 'exited', Health: '', ExitCode: 0 },
    { Service: 'baselines', State: 'exited', Health: '', ExitCode: 1 },
  ]
  const asked = [...states.map(({ Service }) => Service), 'proxy']
  const expected = ['worker: running, starting', 'baselines: exited, code 1', 'proxy: no container']
  // As newer versions of Compose print them, and as older ones do.
  expect(missing(containersOf(states.map((one) => JSON.stringify(one)).join('\n')), asked)).toEqual(expected)
  expect(missing(containersOf(JSON.stringify(states)), asked)).toEqual(expected)
  expect(containersOf('')).toEqual([])
})
