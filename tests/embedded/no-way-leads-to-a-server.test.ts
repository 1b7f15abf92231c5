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

describe('no temporal on PATH, none in the cache, the download refused, no Go', () => {
  it('says in one line why each way failed and what to do, and ends the database that had started', async () => {
    const cache = join(home, 'cache')
    mkdirSync(cache)
    const nobody = `http://127.0.0.1:${await freePort()}`
    running = startSlipway(['up'], home, {
      PATH: cache,
      SLIPWAY_CACHE: cache,
      TEMPORAL_ADDRESS: '',
      SLIPWAY_DATABASE_URL: '',
      HTTPS_PROXY: nobody,
      https_proxy: nobody,
      HTTP_PROXY: nobody,
      http_proxy: nobody,
      ALL_PROXY: nobody,
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
        /the Temporal server could not be had \(PATH and cache: not there; SDK download: .+; go install: go is not there\); put `temporal` on PATH, install Go, or set TEMPORAL_ADDRESS to a running server/,
      ),
    ])
    expect(await aliveOf(serversOf(home))).toEqual([])
  })
})
