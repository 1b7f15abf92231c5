/** Every page, or part of one, that is made from the code. */
import { readFileSync } from 'node:fs'
import { cliReference } from './cli-reference.js'
import { configurationReference } from './configuration-reference.js'
import { formatsReference } from './formats-reference.js'
import { httpReference } from './http-reference.js'
import { importTable } from './import-table.js'
import { ledgerReference } from './ledger-reference.js'
import { metricsReference } from './metrics-reference.js'
import { policyReference } from './policy-reference.js'

const ROOT = new URL('../../', import.meta.url)

/** Path below the repository's root → text. */
export async function generatedPages(): Promise<Map<string, string>> {
  return new Map([
    ['docs/reference/cli.md', await cliReference()],
    ['docs/reference/http.md', await httpReference()],
    ['docs/reference/policies.md', policyReference()],
    ['docs/reference/ledger.md', ledgerReference()],
    ['docs/reference/formats.md', formatsReference()],
    ['docs/reference/metrics.md', metricsReference()],
    ['docs/reference/configuration.md', configurationReference()],
    ['docs/architecture.md', architectureWithTable()],
  ])
}

export const readPage = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const architectureWithTable = (): string =>
  readPage('docs/architecture.md').replace(
    /<!-- imports -->.*<!-- \/imports -->/s,
    () => `<!-- imports -->\n${importTable()}\n<!-- /imports -->`,
  )
