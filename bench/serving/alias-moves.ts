/**
 * Time from the commit of an alias move to the first decision by the new release, on each of two busy decision
 * services.
 */

import { type BenchServices, productionFirst, startServer } from './bench-services.js'
import { openConnection } from './client.js'

/** @returns milliseconds, one value per move and service, sorted */
export async function moveLatencies(
  services: BenchServices,
  path: string,
  body: string,
  moves = 60,
): Promise<number[]> {
  const servers = await Promise.all([
    startServer('slipway', services.environment),
    startServer('slipway', services.environment),
  ])
  try {
    const connections = await Promise.all(servers.map(({ url }) => openConnection(url, path)))
    const answeredBy = async (which: number): Promise<string> => {
      const { body: answer } = (await connections[which]?.send(body)) ?? { body: '{}' }
      return (JSON.parse(answer) as { releaseId: string }).releaseId
    }
    const latencies: number[] = []
    let [from, to] = await productionFirst(services)
    for (let move = 0; move < moves; move += 1) {
      const key = `move-${move}`
      let committed = Number.NaN
      // Requests are sent before, during and after the move.
      const seen = servers.map(async (_, which) => {
        while ((await answeredBy(which)) !== to);
        return performance.now()
      })
      await services.registry.aliases.move({
        project: 'eta',
        alias: 'production',
        expected: from,
        to,
        key,
        actor: 'bench',
        reason: 'bench',
        workflowId: null,
        evidence: null,
      })
      committed = performance.now()
      for (const at of await Promise.all(seen)) latencies.push(Math.max(0, at - committed))
      ;[from, to] = [to, from]
    }
    for (const connection of connections) connection.close()
    return latencies.sort((a, b) => a - b)
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()))
  }
}
