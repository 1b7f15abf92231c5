/** Starting: `--help`, and `slipway up` in a new home (its databases and baselines are made) and in a used one. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { end, SLIPWAY, timed, untilLine } from './child-process.js'
import type { Measurement } from './measurement.js'
import { percentiles } from './samples.js'
import { withOpened } from './stack.js'

export const start: Measurement = {
  about: '--help, and `slipway up` with all projects, cold (a new home) and warm',
  run: ({ small }) =>
    withOpened(async (opened) => {
      const times = small ? 3 : 10
      const median = async (args: readonly string[]) => {
        const all: number[] = []
        await timed(args)
        for (let time = 0; time < times; time += 1) all.push(await timed(args))
        return percentiles(all).p50
      }
      const bare = await median(['-e', '0'])
      const help = await median([SLIPWAY, '--help'])
      const home = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
      opened.push(() => rm(home, { recursive: true, force: true }))
      const up = async () => {
        // Printed when everything is up.
        const { child, ms } = await untilLine(
          [SLIPWAY, 'up', '--json'],
          { SLIPWAY_HOME: home, SLIPWAY_PORT: '0' },
          (line) => line.includes('"decisionService"'),
        )
        await end(child, 'SIGTERM')
        return ms / 1_000
      }
      return [
        { what: 'Node alone, p50', value: bare, unit: 'ms' },
        { what: '--help, p50', value: help, unit: 'ms' },
        { what: '--help, of Node alone', value: help / bare, unit: '×' },
        { what: 'slipway up, cold: databases, baselines of all projects', value: await up(), unit: 's' },
        { what: 'slipway up, warm', value: await up(), unit: 's' },
      ]
    }),
}
