/** A worker on its own: `tsx workers/main.ts [PROJECT…]`. Temporal, database and artifacts are those the environment names. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { NativeConnection } from '@temporalio/worker'
import { SlipwayError } from '../contracts/failure.js'
import { loadProjects, requireProject } from '../projects/load.js'
import { createArtifactStore, openRegistry } from '../registry/index.js'
import { startWorkers } from './create-workers.js'

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new SlipwayError('BadRequest', `${name} is not set; a worker of its own needs it`)
  return value
}

const address = required('TEMPORAL_ADDRESS')
const artifactsFolder = required('SLIPWAY_ARTIFACTS')
const registry = await openRegistry({ databaseUrl: required('SLIPWAY_DATABASE_URL'), artifactsFolder })
const projects = await loadProjects()
const names = process.argv.slice(2)
for (const name of names) requireProject(projects, name)

// The same for the next worker: it goes on from the checkpoints that a killed one left.
const workFolder = resolve(process.env.SLIPWAY_HOME ?? '.slipway', 'work')
mkdirSync(workFolder, { recursive: true })
const connection = await NativeConnection.connect({ address })
const workers = await startWorkers({
  connection,
  ...(process.env.TEMPORAL_NAMESPACE ? { namespace: process.env.TEMPORAL_NAMESPACE } : {}),
  deps: { registry, artifacts: createArtifactStore(artifactsFolder), projects, now: Date.now, workFolder },
  ...(names.length > 0 ? { projects: names } : {}),
})
// Worker.run stops by itself on SIGINT and SIGTERM.
process.stdout.write('worker ready\n')
await workers.running
await connection.close()
await registry.close()
