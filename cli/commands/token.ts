import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { newToken, ROLES, type Role, readTokens } from '../../http/index.js'
import { show, table } from '../runtime/output.js'
import { home } from '../runtime/platform.js'

const fileOf = () => process.env.SLIPWAY_TOKENS || join(home(), 'tokens.json')

export function registerTokenCommands(program: Command): void {
  const token = program.command('token').description('access tokens of the decision service')
  token
    .command('new <name>')
    .description('create a token and show it once; decision services that read the file accept it within seconds')
    .requiredOption('--role <role...>', `what the token allows: ${ROLES.join(', ')} (operate allows everything)`)
    .option('--json', 'print JSON')
    .action((name: string, options: { role: string[]; json?: boolean }) => {
      const roles = options.role.map((role): Role => {
        const known = ROLES.find((one) => one === role)
        if (known) return known
        throw new SlipwayError('BadRequest', `--role ${role} is unknown; known: ${ROLES.join(', ')}`)
      })
      const file = fileOf()
      const tokens = readTokens(file)
      if (tokens.some((one) => one.name === name))
        throw new SlipwayError(
          'BadRequest',
          `a token "${name}" already exists; choose another name, or remove it from ${file}`,
        )
      if (!/^[A-Za-z0-9._-]{1,60}$/.test(name))
        throw new SlipwayError(
          'BadRequest',
          `token name "${name}" must have 1 to 60 letters, digits, dots, underscores or dashes`,
        )
      const made = newToken(name, roles)
      const next = `${file}.${process.pid}`
      writeFileSync(next, `${JSON.stringify([...tokens, made.token], null, 2)}\n`, { mode: modeOf(file), flush: true })
      renameSync(next, file)
      show(
        options,
        { name, roles, token: made.secret },
        () => `${made.secret}\nonly its hash is stored, in ${file}; the token is not shown again`,
      )
    })
  token
    .command('list')
    .description('list the tokens and their roles, without the secrets')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => {
      const tokens = readTokens(fileOf()).map(({ name, roles }) => ({ name, roles }))
      show(options, tokens, (shown) =>
        table(
          ['token', 'roles'],
          shown.map(({ name, roles }) => [name, roles.join(', ')]),
        ),
      )
    })
}

/**
 * It holds hashes only. The account of a container must be able to read the file as before, whichever account adds a
 * token.
 */
function modeOf(file: string): number {
  return (statSync(file, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777
}
