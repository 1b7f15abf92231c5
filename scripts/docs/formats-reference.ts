import { project as eta } from '../../projects/eta/index.js'
import { project as forecast } from '../../projects/forecast/index.js'
import type { SourceFormat } from '../../projects/project.js'
import { project as ranking } from '../../projects/ranking/index.js'
import { project as vision } from '../../projects/vision/index.js'
import { code, GENERATED, page, table } from './markdown.js'

/** The data of a user that the shipped projects read. */
export const formatsReference = (): string =>
  page(
    '# Formats of your own data',
    GENERATED,
    'What the projects of Slipway read with `--snapshot`. `slipway project formats NAME --example DIR` writes an example of each, and ' +
      '`slipway snapshot check NAME PATH` names everything that is wrong with a file without starting a release. Both need no server.',
    'Text is UTF-8, with or without a byte order mark, and is kept in one spelling of Unicode (NFC). Numbers are decimal, with a point. An instant without an offset is UTC. What is left out ' +
      'of a file is counted by reason in `slipway release show` and in the report, with up to three examples.',
    ...[eta, forecast, ranking, vision].flatMap(({ name, title, formats = [] }) => [
      `## ${name}: ${title}`,
      ...formats.flatMap(sections),
    ]),
  )

const sections = ({ name, about, files }: SourceFormat): string[] => [
  `### ${name}`,
  about,
  ...files.flatMap(({ file, kind, fields }) => [
    `${file.includes('*') || file.includes('.') ? code(file) : file}: ${kind}`,
    table(
      ['field', 'type', 'required', 'notes'],
      fields.map((field) => [code(field.name), field.type, field.optional ? 'no' : 'yes', field.about ?? '']),
    ),
  ]),
]
