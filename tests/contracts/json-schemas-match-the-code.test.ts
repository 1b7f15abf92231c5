import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entrySchemas, jsonSchemas } from '../../contracts/json-schemas.js'
import { fieldsOf } from '../../scripts/docs/json-schema-fields.js'

const published = [...jsonSchemas(), ...entrySchemas()]
const folder = new URL('../../contracts/', import.meta.url)

describe('the committed JSON Schemas', () => {
  it.each(published)('%s is generated from the code (otherwise run: npm run contracts)', (name, text) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text)
  })

  it.each(published)('%s describes itself and each of its fields', (name, text) => {
    const schema = JSON.parse(text)
    const fields = fieldsOf(schema)
    expect(schema.description ?? '').not.toBe('')
    // Reserved, and never written.
    if (name !== 'ledger/decision_offline.schema.json') expect(fields.length).toBeGreaterThan(0)
    expect(fields.filter(({ description }) => description === '').map(({ path }) => path)).toEqual([])
  })

  it('contain no file that the code does not generate', () => {
    const committed = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.schema.json'),
    )
    expect(committed.sort()).toEqual(published.map(([name]) => name).sort())
  })
})
