/**
 * The replayer of the SDK must not keep the process alive: a failed job that does not exit would block the deployment.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { slipway } from '../support/slipway.js'

it('an upgrade without a running Slipway reports it and exits', async () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  try {
    const nowhere = { SLIPWAY_HOME: home, TEMPORAL_ADDRESS: '' }
    // A process that is killed by the time limit has no exit code.
    const { code, stderr } = await slipway(['upgrade', '--check'], nowhere)
    expect(stderr).toContain('no Slipway is running here')
    expect(code).toBe(1)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
