/** `slipway upgrade`: makes a new build current. Workers of a new build get no work before that. */
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { show } from '../runtime/output.js'
import { connectClient, findTemporal } from '../runtime/platform.js'

const RECORDINGS = fileURLToPath(new URL('../../tests/histories', import.meta.url))

interface Options {
  check?: boolean
  json?: boolean
}

export function registerUpgradeCommand(program: Command): void {
  program
    .command('upgrade')
    .description('replay recorded and open runs with this build, then make it the current build of its deployment')
    .option('--check', 'only replay; change nothing')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { Runtime } = await import('@temporalio/worker')
      const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }
      const runtime = Runtime.install({
        shutdownSignals: [],
        logger: log,
        telemetryOptions: { logging: { forward: {} } },
      })
      try {
        await upgrade(options)
      } finally {
        // Otherwise the runtime's log keeps a failed process alive.
        await runtime.shutdown()
      }
    })
}

async function upgrade(options: Options): Promise<void> {
  const { makeCurrent, replayEverything } = await import('../../workers/upgrade.js')
  const { buildIdOf, workflowBundle } = await import('../../workers/workflow-build.js')
  const { dataConverterOfEnvironment } = await import('../../workers/payloads/data-converter.js')
  const bundle = await workflowBundle()
  const deployment = { deploymentName: process.env.SLIPWAY_DEPLOYMENT || 'slipway', buildId: buildIdOf(bundle) }
  const { client, close } = await connectClient(await findTemporal())
  try {
    const replayed = await replayEverything(client, bundle, RECORDINGS, dataConverterOfEnvironment())
    const fits = replayed.refused.length === 0
    const previous = fits && !options.check ? await makeCurrent(client, deployment) : undefined
    const done = { ...deployment, ...replayed, current: previous !== undefined, previous: previous ?? null }
    show(options, done, text)
    if (!fits) process.exitCode = 1
  } finally {
    await close()
  }
}

function text(done: {
  readonly buildId: string
  readonly recorded: number
  readonly open: number
  readonly refused: readonly { readonly workflowId: string; readonly why: string }[]
  readonly current: boolean
  readonly previous: string | null
}): string {
  const { buildId, recorded, open, refused, current, previous } = done
  const counted = `build ${buildId} replayed ${recorded} recorded and ${open} open runs`
  if (refused.length > 0) {
    const listed = refused.map(({ workflowId, why }) => `  ${workflowId}: ${why}`)
    const end = 'Nothing was changed; the previous build stays current. Put a change of command order behind patched().'
    return [`${counted}; it cannot continue ${refused.length} of them:`, ...listed, end].join('\n')
  }
  if (!current) return `${counted}; make it current with: slipway upgrade`
  return `${counted} and is now current${previous && previous !== buildId ? ` after ${previous}` : ''}`
}
