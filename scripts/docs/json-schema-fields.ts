/** A JSON Schema as rows of a table: each field with its path, type and description. */

export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema | boolean
  readonly prefixItems?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

export interface Field {
  readonly path: string
  readonly type: string
  readonly required: boolean
  readonly description: string
}

interface Context {
  readonly definitions?: Readonly<Record<string, JsonSchema>>
}

export function fieldsOf(given: JsonSchema, context: Context = {}, before = ''): Field[] {
  const schema = resolved(given, context)
  const several = schema.anyOf ?? schema.oneOf
  if (several) return unique(several.flatMap((one) => fieldsOf(one, context, before)))
  if (typeof schema.items === 'object') return fieldsOf(schema.items, context, `${before}[]`)
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = before === '' ? name : `${before}.${name}`
    const description = property.description ?? resolved(property, context).description ?? ''
    const field = { path, type: typeOf(property, context), required: required.includes(name), description }
    return [field, ...fieldsOf(property, context, path)]
  })
}

/** Fields that all alternatives have are one row. */
function unique(fields: readonly Field[]): Field[] {
  const seen = new Map(fields.map((field) => [JSON.stringify(field), field]))
  return [...seen.values()]
}

function resolved(schema: JsonSchema, { definitions = {} }: Context): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  return (name === undefined ? undefined : definitions[name]) ?? schema
}

export function typeOf(given: JsonSchema, context: Context = {}): string {
  const schema = resolved(given, context)
  const several = schema.anyOf ?? schema.oneOf
  if (several) return [...new Set(several.map((one) => typeOf(one, context)))].join(' or ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.prefixItems) return `list of ${schema.prefixItems.length}`
  if (schema.type === 'array')
    return typeof schema.items === 'object' ? `list of ${typeOf(schema.items, context)}` : 'list'
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object' && !schema.properties)
    return `map of name to ${typeOf(schema.additionalProperties, context)}`
  if (Array.isArray(schema.type)) return schema.type.join(' or ')
  return `${schema.type ?? 'anything'}${bounds(schema)}`
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = exclusiveMinimum === undefined ? (minimum === undefined ? '' : `≥ ${minimum}`) : `> ${exclusiveMinimum}`
  const limit = maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? `≤ ${maximum}` : ''
  const high = exclusiveMaximum === undefined ? limit : `< ${exclusiveMaximum}`
  const both = [low, high].filter((part) => part !== '' && !part.includes('-9007199254740991')).join(', ')
  return both === '' ? '' : ` ${both}`
}
