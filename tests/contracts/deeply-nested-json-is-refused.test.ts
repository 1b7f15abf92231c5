import { expect, it } from 'vitest'
import { DeepJson, MOST_JSON_DEPTH, parseJson } from '../../contracts/json-text.js'
import { jsonOf } from '../../contracts/utf8.js'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

it('JSON at the limit is read, one level more is not', () => {
  expect(parseJson(nested(MOST_JSON_DEPTH))).toBeInstanceOf(Array)
  expect(() => parseJson(nested(MOST_JSON_DEPTH + 1))).toThrow(
    'it is nested more than 200 levels deep, the most that is read; give flat data',
  )
  expect(() => parseJson('{"a":'.repeat(100_000))).toThrow(DeepJson)
  expect(() => jsonOf(Buffer.from(nested(100_000)))).toThrow(DeepJson)
})

it('brackets in texts, and lists beside each other, are not depth', () => {
  const texts = { ['[{'.repeat(300)]: '\\"[{'.repeat(300), '\\': '[\\\\'.repeat(300) }
  expect(parseJson(JSON.stringify(texts))).toEqual(texts)
  const flat = Array.from({ length: 1_000 }, () => [{}])
  expect(parseJson(JSON.stringify(flat))).toEqual(flat)
})

it('text that is no JSON stays a syntax error, and a byte order mark is no part of it', () => {
  for (const text of ['', '"'.repeat(301), '"\\'.repeat(301), `${nested(150)}]${'['.repeat(300)}`])
    expect(() => parseJson(text), text.slice(0, 20)).toThrow(SyntaxError)
  expect(parseJson('\ufeff{"a":1}')).toEqual({ a: 1 })
})
