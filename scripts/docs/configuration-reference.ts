import { ENVIRONMENT_VARIABLES } from '../../contracts/environment-variables.js'
import { SECRET_VARIABLES } from '../../contracts/secret-files.js'
import { code, GENERATED, page, table } from './markdown.js'

export const configurationReference = (): string =>
  page(
    '# Configuration',
    GENERATED,
    'Slipway is configured by environment variables; a variable that is set to nothing counts as unset. What belongs to one project ' +
      'is in its folder: see [policies](policies.md). `slipway doctor` checks the servers and reports what is missing.',
    `Each of these may be in a file instead, named by the variable with \`_FILE\` after its name: ${SECRET_VARIABLES.map(code).join(', ')}.`,
    ...[...ENVIRONMENT_VARIABLES].flatMap(([title, variables]) => [
      `## ${title}`,
      table(
        ['variable', 'default', 'meaning'],
        variables.map(({ name, default: otherwise, meaning }) => [code(name), otherwise, meaning]),
      ),
    ]),
  )
