/**
 * `npx tsx tests/judge/golden/record-main.ts`: records the judgements of cases that are new. What is there stays as it
 * is.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Judgement } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { type Case, cases } from './cases.js'

const file = new URL('judge-1.json', import.meta.url)
const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as (Case & { judgement: Judgement })[]) : []
const known = new Set(before.map(({ name }) => name))
const added = cases()
  .filter(({ name }) => !known.has(name))
  .map((one) => ({ ...one, judgement: judge(one.policy, one.evidence, one.deadline) }))
writeFileSync(file, `[\n${[...before, ...added].map((one) => JSON.stringify(one)).join(',\n')}\n]\n`)
console.log(`${added.length} recorded, ${before.length} left as they were`)
