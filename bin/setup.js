// Fetches what the tests start, with progress, before their own time limits run.
import { register } from 'tsx/esm/api'

register()
const { findTemporalBinary } = await import('../embedded/temporal-binary.ts')
const { findTestServer } = await import('../embedded/test-server.ts')
const say = (line) => process.stderr.write(`· ${line}\n`)

try {
  await findTemporalBinary(say)
  await findTestServer(say)
} catch (error) {
  process.stderr.write(`slipway: ${error.message}\n`)
  process.exitCode = 1
}
