import { entrySchemas } from '../../contracts/json-schemas.js'
import type { JsonSchema } from './json-schema-fields.js'
import { GENERATED, page } from './markdown.js'
import { section } from './policy-reference.js'

export const ledgerReference = (): string =>
  page(
    '# Ledger entries',
    GENERATED,
    'The body of each kind of ledger entry, as one JSON Schema (draft 2020-12) of the folder `contracts/ledger`. A body is checked as it was ' +
      'parsed and never replaced, because the hash of the entry is made from it. Fields that a later build added are optional. In the ' +
      'schemas, `holds` says that a field names a release (`releaseId`), an artifact of the store (`artifact`) or the like. ' +
      'What stands around a body is described in [export.md](../export.md).',
    ...[...entrySchemas()].flatMap(([file, text]) => section(file, JSON.parse(text) as JsonSchema)),
  )
