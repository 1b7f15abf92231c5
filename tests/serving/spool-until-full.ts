/**
 * Appends decisions to a spool, or refused ones to the file beside it, until a file may not grow, then a few more once
 * it may: `spool-until-full.ts FOLDER spool|refused`. Prints `ready` and waits for a line before it begins, and again
 * when an append was refused. At the end it prints the ids whose append succeeded.
 */
import { once } from 'node:events'
import type { DecisionRow } from '../../registry/index.js'
import { createRefusedLines } from '../../serving/log/refused-lines.js'
import { createSpool } from '../../serving/log/spool.js'

const [folder = '', what] = process.argv.slice(2)
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
const refusedLines = createRefusedLines(folder, 'toy', '1')
const keep = (ids: readonly string[]): Promise<void> =>
  what === 'spool'
    ? spool.append(ids.map(rowOf))
    : refusedLines.keep(ids.map((line) => ({ line, problem: 'the database refuses it' })))
const answered: string[] = []
const append = async (id: string) => {
  const ids = [1, 2, 3].map((part) => `${id}-${part}`)
  await keep(ids)
  answered.push(...ids)
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
