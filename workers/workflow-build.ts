/** The workflow code of this build: the bundle that SLIPWAY_WORKFLOW_BUNDLE names, else bundled once. */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { bundleWorkflows, type WorkflowBundle } from './create-workers.js'

/** With a bundle file a worker starts in 0.2 s instead of 1 s, and needs no bundler. */
export async function workflowBundle(env = process.env): Promise<WorkflowBundle> {
  const path = env.SLIPWAY_WORKFLOW_BUNDLE
  if (!path) return keptBundle()
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

/**
 * Compiled sources run from a folder that is named by the digest of all sources (bin/compiled.js): their bundle is kept
 * there, because bundling costs more than the rest of a worker's start.
 */
async function keptBundle(): Promise<WorkflowBundle> {
  if (extname(import.meta.filename) === '.ts') return bundleWorkflows()
  const file = join(import.meta.dirname, '..', 'workflow-bundle.js')
  try {
    return { code: readFileSync(file, 'utf8') }
  } catch {
    const bundle = await bundleWorkflows()
    const draft = `${file}.${randomUUID()}`
    try {
      writeFileSync(draft, bundle.code)
      renameSync(draft, file)
    } catch {
      // The folder cannot be written: the next process bundles again.
    }
    return bundle
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
