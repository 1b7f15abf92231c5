import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { newToken, ROLES, type Role, readTokens } from '../../http/index.js'
import { show, table } from '../runtime/output.js'
import { home } from '../runtime/platform.js'

const fileOf = () => process.env.SLIPWAY_TOKENS ?? join(home(), 'tokens.json')

export function registerTokenCommands(program: Command): void {
  const token = program.command('token').description('who may use the decision service')
  token
    .command('new <name>')
    .description('make a token and show it once; services read it at their next start')
    .requiredOption('--role <role...>', `what it may do: ${ROLES.join(', ')} (operate may do everything)`)
    .option('--json', 'print JSON')
    .action((name: string, options: { role: string[]; json?: boolean }) => {
      const roles = options.role.map((role): Role => {
        const known = ROLES.find((one) => one === role)
        if (known) return known
        throw new SlipwayError('BadRequest', `--role ${role} is none of ${ROLES.join(', ')}`)
      })
      const file = fileOf()
      const tokens = readTokens(file)
      if (tokens.some((one) => one.name === name))
        throw new SlipwayError(
          'BadRequest',
          `there is a token "${name}" already; take another name, or remove it from ${file}`,
        )
      if (!/^[A-Za-z0-9._-]{1,60}$/.test(name))
        throw new SlipwayError(
          'BadRequest',
          `token name "${name}" must be letters, digits, dots and dashes, at most 60`,
        )
      const made = newToken(name, roles)
      const next = `${file}.${process.pid}`
      writeFileSync(next, `${JSON.stringify([...tokens, made.token], null, 2)}\n`, { mode: 0o600, flush: true })
      renameSync(next, file)
      show(
        options,
        { name, roles, token: made.secret },
        () => `${made.secret}\nkept hashed in ${file}; it is not shown again`,
      )
    })
  token
    .command('list')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => {
      const tokens = readTokens(fileOf()).map(({ name, roles }) => ({ name, roles }))
      show(options, tokens, () =>
        table(
          ['token', 'roles'],
          tokens.map(({ name, roles }) => [name, roles.join(', ')]),
        ),
      )
    })
}
