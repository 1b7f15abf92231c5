import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../embedded/free-port.js'
import { openHome } from '../support/homes.js'
import { aliveOf, type RunningSlipway, serversOf, startSlipway } from '../support/slipway-process.js'

let home: string
let running: RunningSlipway | undefined
beforeEach(() => {
  home = openHome('nothing')
})
afterEach(async () => {
  await running?.clear()
  rmSync(home, { recursive: true, force: true })
})

describe('without temporal on PATH and in the cache, without downloads and without Go', () => {
  it('one line says why each way failed and what to do, and the started database is stopped', async () => {
    const cache = join(home, 'cache')
    mkdirSync(cache)
    const unreachable = `http://127.0.0.1:${await freePort()}`
    running = startSlipway(['up'], home, {
      PATH: cache,
      SLIPWAY_CACHE: cache,
      TEMPORAL_ADDRESS: '',
      SLIPWAY_DATABASE_URL: '',
      HTTPS_PROXY: unreachable,
      https_proxy: unreachable,
      HTTP_PROXY: unreachable,
      http_proxy: unreachable,
      ALL_PROXY: unreachable,
      NO_PROXY: '',
      no_proxy: '',
    })
    expect(await running.ended).toBe(1)
    const problems = running
      .output()
      .split('\n')
      .filter((line) => line.startsWith('slipway: '))
    expect(problems, running.output()).toEqual([
      expect.stringMatching(
        /the Temporal server is not available \(PATH and cache: not found; SDK download: .+; go install: go was not found\); put `temporal` on PATH, install Go, or set TEMPORAL_ADDRESS to a running server/,
      ),
    ])
    expect(await aliveOf(serversOf(home))).toEqual([])
  })
})
