/**
 * Rollback by the command line and by its use-case, from the request to the first decision by the earlier release; and
 * an alias move from its commit to the first decision by the new one.
 */
import { randomUUID } from 'node:crypto'
import { createArtifactStore } from '../../registry/index.js'
import { rollBack } from '../../releases/roll-back.js'
import { moveLatencies } from '../serving/alias-moves.js'
import { type BenchServices, openServices, productionFirst, startServer } from '../serving/bench-services.js'
import { decisionBodies } from '../serving/bodies.js'
import { openConnection } from '../serving/client.js'
import { DECISIONS_PATH } from '../serving/throughput.js'
import { SLIPWAY, timed } from './child-process.js'
import type { Line, Measurement } from './measurement.js'
import { percentiles } from './samples.js'
import { withOpened } from './stack.js'

/** Milliseconds from the request of each rollback to the first decision by its release. */
async function latencies(
  services: BenchServices,
  body: string,
  times: number,
  rollBackTo: (to: string) => Promise<unknown>,
): Promise<number[]> {
  const server = await startServer('slipway', services.environment)
  try {
    const connection = await openConnection(server.url, DECISIONS_PATH)
    const answers = async (release: string) =>
      (JSON.parse((await connection.send(body)).body) as { releaseId: string }).releaseId === release
    const all: number[] = []
    // Both were production, so a rollback to each is possible.
    let [from, to] = await productionFirst(services)
    for (let time = 0; time <= times; time += 1) {
      const began = performance.now()
      const rolledBack = rollBackTo(to)
      rolledBack.catch(() => {})
      const seen = (async () => {
        while (!(await answers(to)));
        return performance.now() - began
      })()
      await rolledBack
      const elapsed = await seen
      // The first loads code and models.
      if (time > 0) all.push(elapsed)
      ;[from, to] = [to, from]
    }
    connection.close()
    return all
  } finally {
    await server.stop()
  }
}

export const rollback: Measurement = {
  about: 'rollback from request to the first decision by the earlier release; an alias move from commit to it',
  run: ({ small, say }) =>
    withOpened(async (opened) => {
      const services = await openServices()
      opened.push(() => services.stop())
      const [body = ''] = await decisionBodies()
      const { registry, environment } = services
      const artifacts = createArtifactStore(environment.SLIPWAY_ARTIFACTS ?? '')
      const why = { by: 'bench', reason: 'bench' }
      const useCase = await latencies(services, body, small ? 4 : 30, (to) =>
        rollBack({ registry, artifacts }, { project: 'eta', to, id: randomUUID(), ...why }),
      )
      say('rollbacks by the use-case: measured')
      const command = await latencies(services, body, small ? 1 : 9, (to) =>
        timed([SLIPWAY, 'rollback', 'eta', '--to', to, '--by', 'bench', '--reason', 'bench'], environment),
      )
      say('rollbacks by the command line: measured')
      const moves = await moveLatencies(services, DECISIONS_PATH, body, small ? 4 : 60)
      return [
        ...linesOf('rollback to first decision', useCase),
        ...linesOf('slipway rollback, its process included, to first decision', command),
        ...linesOf('alias move to first decision, two gateways', moves, 250),
      ]
    }),
}

function linesOf(what: string, values: readonly number[], atMost?: number): Line[] {
  const { p50, p99 } = percentiles(values)
  return [
    { what: `${what}, p50`, value: p50, unit: 'ms' },
    { what: `${what}, p99`, value: p99, unit: 'ms', ...(atMost === undefined ? {} : { atMost }) },
  ]
}
