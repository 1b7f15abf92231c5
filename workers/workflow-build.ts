/** The workflow code of this build: the bundle that SLIPWAY_WORKFLOW_BUNDLE names, else bundled now. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SlipwayError } from '../contracts/failure.js'
import { bundleWorkflows, type WorkflowBundle } from './create-workers.js'

/** With a bundle file a worker starts in 0.2 s instead of 1 s, and needs no bundler. */
export async function workflowBundle(env = process.env): Promise<WorkflowBundle> {
  const path = env.SLIPWAY_WORKFLOW_BUNDLE
  if (!path) return await bundleWorkflows()
  try {
    return { code: readFileSync(path, 'utf8') }
  } catch (error) {
    throw new SlipwayError(
      'BadRequest',
      `SLIPWAY_WORKFLOW_BUNDLE is "${path}", which cannot be read (${(error as NodeJS.ErrnoException).code}); make it with: npm run build:workflows`,
      { cause: error },
    )
  }
}

/** Builds with the same workflow code have the same id, because a history is replayed with this code only. */
export function buildIdOf({ code }: WorkflowBundle): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  // Without the source map: it contains the folder of the build.
  const runs = code.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, '')
  return `${version}-${createHash('sha256').update(runs).digest('hex').slice(0, 12)}`
}
