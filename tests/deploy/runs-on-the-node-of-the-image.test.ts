/** The suite runs on the oldest Node.js that is supported; this is one release on the version that the image has. */
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openHome } from '../support/homes.js'
import { findNode24, NODE_24 } from '../support/node-24.js'
import { slipway } from '../support/slipway.js'
import { startSlipway } from '../support/slipway-process.js'

const TOY_PROJECT = fileURLToPath(new URL('../toy-project', import.meta.url))
const DOCKERFILE = new URL('../../Dockerfile', import.meta.url)

const node = await findNode24()

it('the image has the version that is tested here', () => {
  const versions = [...readFileSync(DOCKERFILE, 'utf8').matchAll(/^FROM node:([\d.]+)-/gm)].map(
    ([, version]) => version,
  )
  expect(new Set(versions)).toEqual(new Set([NODE_24]))
})

it.skipIf(!process.env.CI && node === undefined)(`on Node.js ${NODE_24} a release is promoted`, async () => {
  if (node === undefined) throw new Error(`Node.js ${NODE_24} is missing; node bin/setup.js with CI=true downloads it`)
  const home = openHome('node-24')
  const environment = {
    SLIPWAY_HOME: home,
    SLIPWAY_PROJECTS: TOY_PROJECT,
    TEMPORAL_ADDRESS: '',
    SLIPWAY_DATABASE_URL: '',
    SLIPWAY_PORT: '0',
  }
  const running = startSlipway(['up'], home, environment, node)
  try {
    await running.until(/Slipway is up/)
    const start = ['release', 'start', 'toy', '--trigger', 'on-24', '--speed', '100000', '--wait', '--json']
    const { code, stdout, stderr } = await slipway(start, environment, { node })
    expect({ code, verdict: JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}').verdict }, stderr).toEqual({
      code: 0,
      verdict: 'promoted',
    })
    expect((await slipway(['registry', 'verify'], environment, { node })).code).toBe(0)
    running.signal('SIGTERM')
    expect(await running.ended).toBe(0)
  } finally {
    await running.clear()
    await rm(home, { recursive: true, force: true })
  }
})
