/** The published schemas of ledger entries, applied to exported lines: what anybody can do without Slipway. */
import { existsSync, readFileSync } from 'node:fs'
import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Registry } from '../../registry/index.js'
import { isOfAnotherShape } from './append-anything.js'

const FOLDER = new URL('../../contracts/ledger/', import.meta.url)

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
const validators = new Map<string, ValidateFunction>()

/** Compiled when the first entry of its kind is checked: most tests write a few of them. */
function validatorOf(kind: string): ValidateFunction | undefined {
  const file = new URL(`${kind}.schema.json`, FOLDER)
  if (!validators.has(kind) && existsSync(file)) {
    validators.set(kind, ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object))
  }
  return validators.get(kind)
}

/** @param line of an export @returns what its schema says against it; nothing where it fits */
export function misfitsOf(line: string): string[] {
  const { project, seq, kind, body } = JSON.parse(line) as Record<'project' | 'seq' | 'kind' | 'body', string>
  const validate = validatorOf(kind)
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
