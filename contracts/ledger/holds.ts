/** Finds what a body names, by what its schema declares. */
import { z } from 'zod'
import type { Holds } from './fields.js'
import { ENTRY_KINDS, type EntryKind } from './kinds.js'
import { ENTRY_SCHEMAS, type EntryBody } from './schemas.js'

export interface Held {
  /** Field names, with `[]` for the members of an array: `manifest.model.artifact`. */
  readonly path: string
  readonly text: string
  /** Whether the schema declares it. Fields that it does not know may hold anything. */
  readonly declared: boolean
}

/**
 * The texts in fields that are declared to hold this. A field or a kind that the schema does not know, as another build
 * may have written it, is searched for every text.
 */
export function heldIn(entry: { readonly kind: EntryKind; readonly body: EntryBody }, what: Holds): Held[] {
  const schema: z.ZodType | undefined = ENTRY_SCHEMAS[entry.kind]
  return [...held(schema, entry.body, what, '')]
}

/** The kinds whose schema declares a field that holds this. */
export const kindsHolding = (what: Holds): EntryKind[] =>
  ENTRY_KINDS.filter((kind) => declares(ENTRY_SCHEMAS[kind], what))

const declares = (schema: z.ZodType, what: Holds): boolean =>
  [...unwrapped(schema)].some((layer) => {
    if (layer.meta()?.holds === what) return true
    if (layer instanceof z.ZodObject) return Object.values(layer.shape).some((field) => declares(typed(field), what))
    return layer instanceof z.ZodArray && declares(typed(layer.element), what)
  })

function* held(schema: z.ZodType | undefined, value: unknown, what: Holds, path: string): Generator<Held> {
  const layers = schema === undefined ? [] : [...unwrapped(schema)]
  if (layers.length === 0 || layers.some((layer) => layer instanceof z.ZodUnknown)) yield* texts(value, path, false)
  else if (layers.some((layer) => layer.meta()?.holds === what)) yield* texts(value, path, true)
  else if (Array.isArray(value)) {
    const array = layers.find((layer) => layer instanceof z.ZodArray)
    for (const one of value) yield* held(array && typed(array.element), one, what, `${path}[]`)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value))
      yield* held(fieldOf(layers, name), one, what, path === '' ? name : `${path}.${name}`)
  }
}

/** A schema and those it wraps: what is optional or null may be, and the members of a union. */
function* unwrapped(schema: z.ZodType): Generator<z.ZodType> {
  yield schema
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) yield* unwrapped(typed(schema.def.innerType))
  if (schema instanceof z.ZodUnion) for (const option of schema.options) yield* unwrapped(typed(option))
}

function fieldOf(layers: readonly z.ZodType[], name: string): z.ZodType | undefined {
  for (const layer of layers) {
    if (layer instanceof z.ZodObject && name in layer.shape) return layer.shape[name]
    if (layer instanceof z.ZodRecord) return typed(layer.valueType)
  }
  return undefined
}

/** Zod's classes give their parts as the core type, which all its schemas have. */
const typed = (schema: z.core.$ZodType): z.ZodType => schema as z.ZodType

function* texts(value: unknown, path: string, declared: boolean): Generator<Held> {
  if (typeof value === 'string') yield { path, text: value, declared }
  else if (Array.isArray(value)) for (const one of value) yield* texts(one, `${path}[]`, declared)
  else if (value !== null && typeof value === 'object')
    for (const [name, one] of Object.entries(value)) yield* texts(one, `${path}.${name}`, declared)
}
