/** The workflow code of this build: bundled ahead of time where the environment names a file, else now. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SlipwayError } from '../contracts/failure.js'
import { bundleWorkflows, type WorkflowBundle } from './create-workers.js'

/** A worker starts in 0.2 s with it instead of 1 s, and needs no bundler. */
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

/** Two builds with the same workflow code are one to Temporal: what a history is replayed with is this code and nothing else. */
export function buildIdOf({ code }: WorkflowBundle): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  // The source map repeats the sources with the folder they were built in.
  const runs = code.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, '')
  return `${version}-${createHash('sha256').update(runs).digest('hex').slice(0, 12)}`
}
