/**
 * `npm run compose:check`: the path of docs/deploying.md and docs/upgrading.md under a real Compose. An installation
 * of its own, with a project of a user, becomes healthy, releases, and is upgraded under load. Fails unless each
 * request is answered. Without an engine it says how to get there. `SLIPWAY_IMAGE` and `SLIPWAY_IMAGE_TAG` name an
 * image that exists; SLIPWAY_CHECK_KEEP=1 keeps the installation.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../embedded/free-port.js'
import { runIn } from './commands.js'
import { findEngine, HOW_TO_GET_THERE } from './engine.js'
import { imageOfSlipway, ownImages } from './images.js'
import { load } from './load.js'
import { makeSite, OWN } from './site.js'
import { containersOf, missing } from './states.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const HEALTHY_WITHIN_MS = 15 * 60_000
const SPEED = process.env.SLIPWAY_CHECK_SPEED || '100000'

const engine = findEngine()
if (!engine) {
  process.stderr.write(`${HOW_TO_GET_THERE}\n`)
  process.exit(2)
}
const { name: program } = engine
const began = performance.now()
const say = (text: string) => process.stdout.write(`${Math.round((performance.now() - began) / 1000)} s  ${text}\n`)

const folder = mkdtempSync(join(tmpdir(), 'slipway-compose-'))
const env: NodeJS.ProcessEnv = { ...process.env, SLIPWAY_COMPOSE: engine.compose, SLIPWAY_ACTOR: 'compose-check' }
// They name the image on top of which the installation's own is built.
delete env.SLIPWAY_IMAGE
delete env.SLIPWAY_IMAGE_TAG
const run = runIn(folder, env)
const compose = (...args: string[]) => run(program, 'compose', ...args)
const ofRoot = runIn(ROOT)

async function untilHealthy(services: readonly string[]): Promise<void> {
  for (const deadline = Date.now() + HEALTHY_WITHIN_MS; ; await pause(2_000)) {
    const waits = missing(containersOf(await compose('ps', '--all', '--format', 'json')), services)
    if (waits.length === 0) return
    if (Date.now() > deadline) throw new Error(`not healthy after 15 minutes: ${waits.join('; ')}`)
  }
}

let site = false
try {
  say(`${program}: ${(await compose('version')).trim()}`)
  const base = await imageOfSlipway((...args) => ofRoot(program, ...args), say)
  const slipway = (...args: string[]) => ofRoot(process.execPath, 'bin/slipway.js', ...args)
  const images = await ownImages((...args) => ofRoot(program, ...args), slipway, base, folder)
  const [port, uiPort] = [await freePort(), await freePort()]
  const { SLIPWAY_TOKEN = '' } = await makeSite(ROOT, folder, run, { ...images, port, uiPort })
  site = true
  const services = (await compose('config', '--services')).trim().split('\n')
  say(`up: ${services.length} services, image ${images.image}:${images.tag}`)
  await compose('up', '-d')
  await untilHealthy(services)
  say('every service is healthy, every job ended with 0')

  const url = `http://127.0.0.1:${port}`
  const headers = { authorization: `Bearer ${SLIPWAY_TOKEN}` }
  const aliases = async (project: string) =>
    (await (await fetch(`${url}/v1/projects/${project}/aliases`, { headers })).json()) as { production?: string }
  for (const project of ['eta', OWN]) {
    const { production } = await aliases(project)
    if (!production) throw new Error(`${project} has no baseline`)
    say(`${project}: production is ${production}`)
  }
  const cli = (...args: string[]) => compose('run', '--rm', 'cli', ...args)
  const printed = await cli('release', 'start', OWN, '--trigger', 'check', '--speed', SPEED, '--wait', '--json')
  const end = printed.trim().split('\n').at(-1) ?? ''
  const { verdict, reason } = JSON.parse(end) as { verdict: string; reason: string }
  say(`${OWN}: a release is ${verdict} (${reason})`)
  if (!['promoted', 'held'].includes(verdict)) throw new Error(`a release of ${OWN} is ${verdict}: ${reason}`)

  const during = load(url, SLIPWAY_TOKEN)
  await run('sh', 'deploy/upgrade.sh', images.next)
  await pause(5_000)
  const { sent, failed, slowestMs, failures } = await during.end()
  say(`upgrade to ${images.next}: ${failed} of ${sent} requests failed, slowest ${slowestMs} ms`)
  for (const [what, count] of failures) say(`${count} × ${what}`)
  await untilHealthy(services.filter((one) => !['owner', 'bucket', 'migrate', 'current-build'].includes(one)))
  const verified = await cli('registry', 'verify')
  say(verified.trim().split('\n').at(-1) ?? '')
  if (failed > 0) process.exitCode = 1
} catch (error) {
  say((error as Error).message)
  process.exitCode = 1
} finally {
  if (process.env.SLIPWAY_CHECK_KEEP) say(`kept in ${folder}; end it there with: ${program} compose down --volumes`)
  else {
    if (site) await compose('down', '--volumes', '--timeout', '20').catch((error: Error) => say(error.message))
    rmSync(folder, { recursive: true, force: true })
  }
}
