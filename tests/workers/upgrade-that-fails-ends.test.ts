/** What loads the replaying part of the SDK must let go of it: a job that failed and stays is a deployment that stands still. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { slipway } from '../support/slipway.js'

it('an upgrade where no Slipway runs says so and ends', async () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  try {
    const nowhere = { SLIPWAY_HOME: home, TEMPORAL_ADDRESS: '' }
    // Killed by then, it has no exit code.
    const { code, stderr } = await slipway(['upgrade', '--check'], nowhere)
    expect(stderr).toContain('no Slipway is running here')
    expect(code).toBe(1)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
