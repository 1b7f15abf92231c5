/** `npm run build:workflows [FILE]`: the workflow bundle of this build, for SLIPWAY_WORKFLOW_BUNDLE. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { bundleWorkflows } from './create-workers.js'
import { buildIdOf } from './workflow-build.js'

const file = process.argv[2] ?? 'dist/workflow-bundle.js'
const bundle = await bundleWorkflows()
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, bundle.code)
process.stdout.write(`${file}: build ${buildIdOf(bundle)}\n`)
