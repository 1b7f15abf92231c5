/** The published schemas of ledger entries, applied to exported lines: what anybody can do without Slipway. */
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Registry } from '../../registry/index.js'
import { isOfAnotherShape } from './append-anything.js'

const FOLDER = new URL('../../contracts/ledger/', import.meta.url)

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
const validators = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => [
      name.replace('.schema.json', ''),
      ajv.compile(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as object),
    ]),
)

/** @param line of an export @returns what its schema says against it; nothing where it fits */
export function misfitsOf(line: string): string[] {
  const { project, seq, kind, body } = JSON.parse(line) as Record<'project' | 'seq' | 'kind' | 'body', string>
  const validate = validators.get(kind)
  if (!validate) return [`${project}/${seq}: no schema of ${kind} is published`]
  if (validate(JSON.parse(body))) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${project}/${seq} ${kind}: ${instancePath || 'it'} ${message} ${JSON.stringify(params)}`,
  )
}

/** For harnesses, as they close: whatever their tests made releases write is what the published schemas say. */
export async function requireFittingLedger(registry: Pick<Registry, 'ledger'>): Promise<void> {
  const misfits: string[] = []
  await registry.ledger.export(async (line) => {
    if (!isOfAnotherShape(JSON.parse(line) as { project: string; key: string })) misfits.push(...misfitsOf(line))
  })
  if (misfits.length > 0) throw new Error(`entries that do not fit their published schemas:\n${misfits.join('\n')}`)
}
