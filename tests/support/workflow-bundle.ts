/**
 * The workflow bundle of the present source, built once for all test files of a run: a build takes seconds of both
 * cores.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleWorkflows, type WorkflowBundle } from '../../workers/create-workers.js'
import { madeOnce, sharedFolder } from './shared-folder.js'

const NAME = 'workflows.js'

export async function testBundle(): Promise<WorkflowBundle> {
  const file = await bundleFile()
  return file === undefined ? bundleWorkflows() : { code: readFileSync(file, 'utf8') }
}

/** For a worker in a process of its own. Empty outside a test run: the process builds it. */
export async function bundleEnvironment(): Promise<Readonly<Record<string, string>>> {
  const file = await bundleFile()
  return file === undefined ? {} : { SLIPWAY_WORKFLOW_BUNDLE: file }
}

/** In watch mode the source may have changed since the last run. */
export const forgetBundle = (folder: string): void => rmSync(join(folder, NAME), { force: true })

async function bundleFile(): Promise<string | undefined> {
  const folder = sharedFolder()
  if (folder === undefined) return undefined
  return madeOnce(folder, NAME, async (file) => {
    const { code } = await bundleWorkflows()
    writeFileSync(`${file}.next`, code)
    renameSync(`${file}.next`, file)
  })
}
