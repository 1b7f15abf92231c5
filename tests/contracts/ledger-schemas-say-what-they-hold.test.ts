/**
 * Retention keeps what the fields declared here name; a field that is missing here would let it drop what is needed.
 */
import { expect, it } from 'vitest'
import { entrySchemas } from '../../contracts/json-schemas.js'
import { ENTRY_KINDS, kindsHolding } from '../../contracts/ledger/index.js'

interface Schema {
  readonly holds?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** As `releaseId: from`, in the order of the schema. */
function declared(schema: Schema, path = ''): string[] {
  const { holds, properties = {}, items, anyOf = [] } = schema
  return [
    ...(holds === undefined ? [] : [`${holds}: ${path}`]),
    ...Object.entries(properties).flatMap(([name, one]) => declared(one, path === '' ? name : `${path}.${name}`)),
    ...(items ? declared(items, `${path}[]`) : []),
    ...anyOf.flatMap((one) => declared(one, path)),
  ]
}

const HELD: Readonly<Record<string, readonly string[]>> = {
  trigger: ['artifact: trigger.source', 'releaseId: trigger.parameters'],
  snapshot: ['snapshotDigest: digest', 'artifact: manifest.data'],
  training_run: [
    'snapshotDigest: snapshot',
    'releaseId: parameters',
    'artifact: artifact',
    'artifact: output.artifact',
  ],
  release: ['releaseDigest: digest', 'snapshotDigest: manifest.snapshot', 'artifact: manifest.model.artifact'],
  evaluation: ['releaseId: releaseId', 'releaseId: production'],
  lane: ['releaseId: releaseId'],
  judgement: ['releaseId: releases[]'],
  alias_move: ['releaseId: from', 'releaseId: to'],
  approval: ['releaseId: releaseId'],
  verdict: ['releaseId: releaseId'],
  dropped: ['droppedArtifact: artifacts[].digest'],
  source: ['artifact: artifact'],
}

const schemas = new Map(
  [...entrySchemas()].map(([file, text]) => [
    file.replace(/^ledger\/|\.schema\.json$/g, ''),
    JSON.parse(text) as Schema,
  ]),
)

it('each kind has a published schema', () => {
  expect([...schemas.keys()]).toEqual([...ENTRY_KINDS])
})

it.each(ENTRY_KINDS)('%s declares each field that names a release, a snapshot or an artifact', (kind) => {
  expect(declared(schemas.get(kind) ?? {})).toEqual(HELD[kind] ?? [])
})

it('the kinds that hold something are those that declare it', () => {
  expect(kindsHolding('artifact')).toEqual(['trigger', 'snapshot', 'training_run', 'release', 'source'])
  expect(kindsHolding('droppedArtifact')).toEqual(['dropped'])
})
