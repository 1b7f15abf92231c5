/**
 * Appends decisions to a spool until a file may not grow, then a few more once it may: `spool-until-full.ts FOLDER`.
 * Prints `ready` and waits for a line before it begins, and again when an append was refused. At the end it prints the
 * ids whose append succeeded.
 */
import { once } from 'node:events'
import type { DecisionRow } from '../../registry/index.js'
import { createSpool } from '../../serving/log/spool.js'

const [folder = ''] = process.argv.slice(2)
const rowOf = (decisionId: string): DecisionRow => ({
  decisionId,
  workflowId: '',
  releaseId: 'toy_v1',
  arm: 'production',
  entityHash: decisionId,
  eventAt: 0,
  output: {},
  action: 'none',
  fresh: true,
})
// Otherwise the process is ended: like this, the write fails.
process.on('SIGXFSZ', () => {})
const spool = createSpool(folder, 'toy')
const answered: string[] = []
const append = async (id: string) => {
  const rows = [1, 2, 3].map((part) => rowOf(`${id}-${part}`))
  await spool.append(rows)
  answered.push(...rows.map(({ decisionId }) => decisionId))
}
const instructed = async (word: string) => {
  process.stdout.write(`${word}\n`)
  await once(process.stdin, 'data')
}

await instructed('ready')
let refused = 0
for (let batch = 0; refused < 3; batch += 1)
  await append(`batch-${batch}`).catch(() => {
    refused += 1
  })
await instructed('full')
for (let batch = 0; batch < 3; batch += 1) await append(`later-${batch}`)
process.stdout.write(JSON.stringify(answered))
process.exit(0)
