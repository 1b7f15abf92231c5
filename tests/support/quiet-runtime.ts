import { makeTelemetryFilterString, Runtime } from '@temporalio/worker'

/** Workers in a test process log errors only and install no signal handlers. */
export function quietRuntime(): void {
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
    logger: {
      trace() {},
      debug() {},
      info() {},
      warn() {},
      error: (message, meta) => console.error(message, meta),
      log() {},
    },
  })
}
