import type { ConnectionOptions } from '@temporalio/client'
import type { Command } from 'commander'
import { show } from '../runtime/output.js'
import { styled } from '../runtime/style.js'

export function registerDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check what Slipway needs on this machine, and show how to fix what is missing')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { diagnose } = await import('../../embedded/doctor/diagnose.js')
      const { temporalOfEnvironment } = await import('../../workers/temporal-environment.js')
      const checks = await diagnose(process.env, temporalOfEnvironment()?.connection as ConnectionOptions | undefined)
      show(options, checks, (shown) =>
        shown
          .map(({ ok, name, detail, mend }) => {
            const mark = ok ? styled('green', '✓') : styled('red', '✗')
            return `${mark} ${name}: ${detail}${!ok && mend ? `\n    fix: ${mend}` : ''}`
          })
          .join('\n'),
      )
      if (checks.some((check) => !check.ok)) process.exitCode = 1
    })
}
