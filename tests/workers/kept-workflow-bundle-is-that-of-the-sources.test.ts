import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { buildIdOf } from '../../workers/workflow-build.js'
import { RUN_SOURCE } from '../support/run-source.js'
import { testBundle } from '../support/workflow-bundle.js'

const MAIN = fileURLToPath(new URL('../support/print-build-main.ts', import.meta.url))

it('a process that bundles and a later one that finds the bundle run the code of the sources', async () => {
  const expected = buildIdOf(await testBundle())
  for (const process_ of ['first', 'later']) {
    const { stdout } = await promisify(execFile)(process.execPath, [RUN_SOURCE, MAIN])
    expect(stdout, process_).toBe(expected)
  }
})
