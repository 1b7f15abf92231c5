// Fetches what the tests start, with progress, before their own time limits run.
import { register } from 'tsx/esm/api'

register()
const { findTemporalBinary } = await import('../embedded/temporal-binary.ts')
const { findTestServer } = await import('../embedded/test-server.ts')
const { findS3Server } = await import('../tests/support/s3-server.ts')
const { provideChromium } = await import('../tests/support/chromium.ts')
const { findTemporalPrograms } = await import('../tests/support/temporal-server.ts')
const say = (line) => process.stderr.write(`· ${line}\n`)

try {
  await findTemporalBinary(say)
  await findTestServer(say)
  await findS3Server(say)
  await provideChromium(say)
  await findTemporalPrograms(say)
} catch (error) {
  process.stderr.write(`slipway: ${error.message}\n`)
  process.exitCode = 1
}
