import { jsonSchemas } from '../../contracts/json-schemas.js'
import { fieldsOf, type JsonSchema } from './json-schema-fields.js'
import { code, GENERATED, page, table } from './markdown.js'

export const policyReference = (): string =>
  page(
    '# Policies and contracts',
    GENERATED,
    'What a project states, and what crosses a boundary. Each section is one JSON Schema (draft 2020-12) of the folder `contracts`, generated from ' +
      'the code that checks it. Durations are written as `30m`, `12h` or `5d`; instants as `2026-03-10T12:00:00Z`.',
    ...[...jsonSchemas()].flatMap(([file, text]) => section(file, JSON.parse(text) as JsonSchema)),
  )

export function section(file: string, schema: JsonSchema): string[] {
  const rows = fieldsOf(schema).map(({ path, type, required, description }) => [
    code(path),
    type,
    required ? 'yes' : 'no',
    description,
  ])
  return [
    `## ${file.replace('.schema.json', '')}`,
    `${schema.description ?? ''} ([\`${file}\`](../../contracts/${file}))`.trim(),
    table(['field', 'type', 'required', 'meaning'], rows),
  ]
}
