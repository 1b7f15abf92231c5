import type { Command } from 'commander'
import { show } from '../output.js'
import { withRegistry } from '../with-registry.js'

export function registerRegistryCommands(program: Command): void {
  const registry = program.command('registry').description('the record of every release')
  registry
    .command('migrate')
    .description('bring the database up to date as the user of SLIPWAY_DATABASE_URL, who owns its tables')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await withRegistry(async (handle) => {
        const status = await handle.registry.status()
        show(options, status, () => `the registry is up to date; processes run as ${status.user}`)
      })
    })
  registry
    .command('verify')
    .description('recompute every digest and the chain of the ledger')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await withRegistry(async (handle) => {
        const found = await handle.registry.verify()
        show(options, found, () =>
          [
            `${found.entries} entries, ${found.artifacts} artifacts and ${found.days} closed days checked: ${found.problems.length === 0 ? 'all intact' : `${found.problems.length} broken`}`,
            ...found.problems.map((problem) => `  ${problem.project} #${problem.seq}: ${problem.what}`),
          ].join('\n'),
        )
        if (found.problems.length > 0) process.exitCode = 1
      })
    })
}
