/** `npm run histories`: records the histories that today's workflow must replay, from real runs on the dev server. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { devServer } from './dev-server.js'
import { SCENARIOS } from './histories/scenarios.js'
import { scrub } from './histories/scrub.js'
import { startOver } from './steer.js'
import { startWorkerProcess } from './worker-process.js'

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url))

const recorded = new Map<string, string>()
const on = await devServer()
const worker = await startWorkerProcess(on.environment)
try {
  for (const scenario of SCENARIOS) {
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
  await worker.stop()
  await on.close()
}
// Only when all of them are there: half of a set would be taken for the whole.
await rm(FOLDER, { recursive: true, force: true })
await mkdir(FOLDER)
for (const [name, text] of recorded) await writeFile(join(FOLDER, `${name}.json`), text)
