/**
 * `npx tsx tests/judge/golden/record-main.ts`: adds judgements of new cases to the golden files. A case already in one
 * keeps what is recorded.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Judgement } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { type Case, cases } from './cases.js'
import { cases2 } from './cases-2.js'

function record(name: string, all: readonly Case[]): void {
  const file = new URL(name, import.meta.url)
  const recorded = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as (Case & { judgement: Judgement })[])
    : []
  const known = new Set(recorded.map((one) => one.name))
  const added = all
    .filter((one) => !known.has(one.name))
    .map((one) => ({ ...one, judgement: judge(one.policy, one.evidence, one.deadline) }))
  writeFileSync(file, `[\n${[...recorded, ...added].map((one) => JSON.stringify(one)).join(',\n')}\n]\n`)
  console.log(`${name}: ${added.length} cases added, ${recorded.length} kept`)
}

record('judge-1.json', cases())
record('judge-2.json', cases2())
