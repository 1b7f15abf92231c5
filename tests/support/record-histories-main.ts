/**
 * `npm run histories` records the histories that the workflow code must replay, from real runs on the dev server. With
 * `-- GROUP`, such as `-- shadows`, it records only those and leaves the other files unchanged.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { devServer } from './dev-server.js'
import { withFailingLooks } from './failing-looks.js'
import { PROVEN_NAMES, SECRET } from './histories/proven-names.js'
import { SCENARIOS, type Scenario, SHADOWS } from './histories/scenarios.js'
import { scrub } from './histories/scrub.js'
import { TRIGGERS } from './histories/triggers.js'
import { withoutLooks } from './histories/without-looks.js'
import { startOver } from './steer.js'
import { startWorkerProcess } from './worker-process.js'

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url))
/** The toy project, with a cadence and conditions. */
const PROJECT = fileURLToPath(new URL('../watched-project', import.meta.url))
const SERVED = { releases: SCENARIOS, shadows: SHADOWS, triggers: TRIGGERS }
const PROVEN = { 'proven-names': PROVEN_NAMES }
const GROUPS = [...Object.keys(SERVED), ...Object.keys(PROVEN), 'without-looks']

const group = process.argv[2]
if (group !== undefined && !GROUPS.includes(group)) throw new RangeError(`"${group}" is none of ${GROUPS.join(', ')}`)

const recorded = new Map<string, string>()
async function record(client: Client, runs: Record<string, string>): Promise<void> {
  for (const [name, id] of Object.entries(runs)) {
    const history = await client.workflow.getHandle(id).fetchHistory()
    const { events } = scrub(JSON.parse(historyToJSON(history))) as { events: unknown[] }
    const lines = events.map((event) => JSON.stringify(event)).join(',\n')
    recorded.set(name, `{"workflowId":${JSON.stringify(id)},"events":[\n${lines}\n]}\n`)
    process.stdout.write(`${name}: ${events.length} events\n`)
  }
}

async function onADevServer(scenarios: readonly Scenario[], environment = {}): Promise<void> {
  const on = await devServer()
  const worker = await startWorkerProcess({ ...on.environment, SLIPWAY_PROJECTS: PROJECT, ...environment })
  const end = async () => {
    await worker.stop()
    await on.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().finally(() => process.exit(1)))
  try {
    for (const scenario of scenarios) {
      await record(on.client, await scenario(on))
      await startOver(on)
    }
  } finally {
    await end()
  }
}

async function onAClockThatSkips(): Promise<void> {
  const failing = await withFailingLooks()
  try {
    await record(failing.on.client, await withoutLooks(failing))
  } finally {
    await failing.on.close()
  }
}

const asked = ([name]: readonly [string, unknown]) => group === undefined || group === name
const [proven, others] = [PROVEN, SERVED].map((of) =>
  Object.entries(of)
    .filter(asked)
    .flatMap(([, all]) => all),
)
if (others?.length) await onADevServer(others)
// Names can be proven there, so that the other runs are those of an installation without identity.
if (proven?.length) await onADevServer(proven, { SLIPWAY_IDENTITY_SECRET: SECRET })
if (group === undefined || group === 'without-looks') await onAClockThatSkips()
// Written only when every scenario succeeded: a partial set would pass as a complete one.
if (group === undefined) await rm(FOLDER, { recursive: true, force: true })
await mkdir(FOLDER, { recursive: true })
for (const [name, text] of recorded) await writeFile(join(FOLDER, `${name}.json`), text)
