/**
 * `npm run histories` records the histories that the workflow code must replay, from real runs on the dev server. With
 * `-- releases`, `-- shadows` or `-- triggers` it records only those and leaves the other files unchanged.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { devServer } from './dev-server.js'
import { SCENARIOS, SHADOWS } from './histories/scenarios.js'
import { scrub } from './histories/scrub.js'
import { TRIGGERS } from './histories/triggers.js'
import { startOver } from './steer.js'
import { startWorkerProcess } from './worker-process.js'

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url))
/** The toy project, with a cadence and conditions. */
const PROJECT = fileURLToPath(new URL('../watched-project', import.meta.url))
const GROUPS = { releases: SCENARIOS, shadows: SHADOWS, triggers: TRIGGERS }

const group = process.argv[2]
const known = (name: string): name is keyof typeof GROUPS => Object.keys(GROUPS).includes(name)
if (group !== undefined && !known(group))
  throw new RangeError(`"${group}" is none of ${Object.keys(GROUPS).join(', ')}`)
const scenarios = group === undefined ? Object.values(GROUPS).flat() : GROUPS[group]

const recorded = new Map<string, string>()
const on = await devServer()
const worker = await startWorkerProcess({ ...on.environment, SLIPWAY_PROJECTS: PROJECT })
const end = async () => {
  await worker.stop()
  await on.close()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void end().finally(() => process.exit(1)))
try {
  for (const scenario of scenarios) {
    for (const [name, id] of Object.entries(await scenario(on))) {
      const history = await on.client.workflow.getHandle(id).fetchHistory()
      const { events } = scrub(JSON.parse(historyToJSON(history))) as { events: unknown[] }
      const lines = events.map((event) => JSON.stringify(event)).join(',\n')
      recorded.set(name, `{"workflowId":${JSON.stringify(id)},"events":[\n${lines}\n]}\n`)
      process.stdout.write(`${name}: ${events.length} events\n`)
    }
    await startOver(on)
  }
} finally {
  await end()
}
// Written only when every scenario succeeded: a partial set would pass as a complete one.
if (group === undefined) await rm(FOLDER, { recursive: true, force: true })
await mkdir(FOLDER, { recursive: true })
for (const [name, text] of recorded) await writeFile(join(FOLDER, `${name}.json`), text)
