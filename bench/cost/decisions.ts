/**
 * Decisions scored and logged, against the same server without scoring and log; the whole is `npm run bench:serving`.
 */
import { openServices, startServer } from '../serving/bench-services.js'
import { decisionBodies } from '../serving/bodies.js'
import { bareThroughput, REQUESTS, throughputOf } from '../serving/throughput.js'
import { commits } from './commits.js'
import type { Measurement } from './measurement.js'
import { withOpened } from './stack.js'

const FEW = { warm: 500, most: 2_000, steady: 1_500 }

export const decisions: Measurement = {
  about: 'decisions scored and logged, against the same server without scoring and log',
  run: ({ small }) =>
    withOpened(async (opened) => {
      const services = await openServices()
      opened.push(() => services.stop())
      const bodies = await decisionBodies()
      const body = (index: number) => bodies[index % bodies.length] ?? ''
      const requests = small ? FEW : REQUESTS
      const bare = await bareThroughput(body, requests)
      const server = await startServer('slipway', services.environment)
      opened.push(() => server.stop())
      const ours = await throughputOf(server, body, requests)
      const refused = ours.most.refused + ours.steady.refused
      if (refused > 0) throw new Error(`${refused} requests were refused: the numbers would be invalid`)
      const commit = await commits(services.environment.SLIPWAY_DATABASE_URL ?? '', small ? 50 : 500)
      const rate = (load: { answered: number; seconds: number }) => load.answered / load.seconds
      return [
        { what: 'decisions at full speed', value: rate(ours.most), unit: '/s' },
        { what: 'answers of the bare server at full speed', value: rate(bare.most), unit: '/s' },
        {
          what: 'decisions, of the answers of the bare server',
          value: rate(ours.most) / rate(bare.most),
          unit: '×',
          atLeast: 0.7,
        },
        { what: 'the same, per second of core time', value: ours.most.perCore / bare.most.perCore, unit: '×' },
        { what: 'decision p99 at 3,000 a second', value: ours.steady.p99, unit: 'ms' },
        { what: 'p99 of a commit alone, which a decision waits for', value: commit.p99, unit: 'ms' },
        { what: 'answer of the bare server p99 at 3,000 a second', value: bare.steady.p99, unit: 'ms' },
        { what: 'decision p99, of the bare server’s', value: ours.steady.p99 / bare.steady.p99, unit: '×', atMost: 4 },
      ]
    }),
}
