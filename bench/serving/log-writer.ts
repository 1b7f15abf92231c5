import { join } from 'node:path'
import { createDecisionLog } from '../../serving/log/decision-log.js'
import type { BenchServices } from './bench-services.js'

const ROWS = 100_000

/** @returns rows per second of the decision log alone, without HTTP and scoring */
export async function logWriterRate({ registry, folder }: BenchServices): Promise<number> {
  const log = createDecisionLog('eta', registry, { spoolFolder: join(folder, 'spool'), limits: { queue: ROWS } })
  const begun = performance.now()
  const writes: Promise<unknown>[] = []
  for (let index = 0; index < ROWS; index += 1) {
    const decisionId = `writer-${index}`
    writes.push(
      log.write({
        decisionId,
        fresh: true,
        workflowId: '',
        releaseId: 'eta_v2',
        arm: 'production',
        source: 'live',
        entityHash: '0'.repeat(32),
        eventAt: Date.now(),
        output: { probability: 0.123456 },
        action: 'none',
        input: { scheduled: 9843552e5, carrier: '', origin: 'ORD', destination: 'LAX', distance: 1745 },
        inputDigest: `sha256:${'0'.repeat(64)}`,
      }),
    )
    if (index % 1_000 === 999) await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(writes)
  await log.close()
  return (ROWS / (performance.now() - begun)) * 1_000
}
