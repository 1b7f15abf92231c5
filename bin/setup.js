// Fetches what the tests start, with progress, before their own time limits run.
import { register } from 'tsx/esm/api'

register()
const { findTemporalBinary } = await import('../embedded/temporal-binary.ts')
const { findTestServer } = await import('../embedded/test-server.ts')
const { findS3Server } = await import('../tests/support/s3-server.ts')
const { provideChromium } = await import('../tests/support/chromium.ts')
const { providePromtool } = await import('../tests/support/promtool.ts')
const { provideNode24 } = await import('../tests/support/node-24.ts')
const { findTemporalPrograms } = await import('../tests/support/temporal-server.ts')
const say = (line) => process.stderr.write(`· ${line}\n`)

async function inOrder(...steps) {
  for (const step of steps) await step(say)
}

// The two Temporal builds share most packages: the second finds them compiled. The other programs share nothing with
// them, and use the core that a linker or a download leaves idle.
const ended = await Promise.allSettled([
  inOrder(findTemporalBinary, findTemporalPrograms),
  inOrder(findTestServer, findS3Server, provideChromium, providePromtool, provideNode24),
])
for (const { reason } of ended) {
  if (reason === undefined) continue
  process.stderr.write(`slipway: ${reason.message}\n`)
  process.exitCode = 1
}
