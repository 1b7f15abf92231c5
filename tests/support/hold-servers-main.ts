/**
 * Uses the embedded servers of SLIPWAY_HOME until its stdin ends: `node bin/run.js hold-servers-main.ts [temporal]`.
 */
import { startPostgres } from '../../embedded/postgres-server.js'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'

const home = process.env.SLIPWAY_HOME
if (!home) throw new Error('SLIPWAY_HOME is not set')
const onProgress = (line: string) => process.stderr.write(`${line}\n`)
const temporalToo = process.argv.includes('temporal')
const [postgres, temporal] = await Promise.all([
  startPostgres({ home, onProgress }),
  temporalToo ? startTemporalDevServer({ home, onProgress }) : undefined,
])
const { url, pid, adopted } = postgres
process.stdout.write(
  `${JSON.stringify({ url, pid, adopted, temporal: temporal?.pid, temporalAdopted: temporal?.adopted })}\n`,
)
process.stdin.resume().once('end', () => {
  void Promise.all([postgres.stop(), temporal?.stop()])
})
