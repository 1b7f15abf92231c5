/** The table of folders in docs/architecture.md: what each holds, and what the rules of lint let it import. */
import { createRequire } from 'node:module'
import { code, table } from './markdown.js'

interface Rule {
  readonly from: { readonly path?: string }
  readonly to: { readonly pathNot?: string | readonly string[] }
  readonly name: string
}

const HOLDS: Readonly<Record<string, string>> = {
  contracts: 'schemas (zod), types, names, messages, and the generated JSON Schemas',
  judge: 'evidence in, judgement out; `simulation/` measures what a policy is worth',
  exposure: 'pure: split, arms, breaches',
  workflows: 'deterministic code: the release as in the state diagram, one file per stage',
  projects: 'one folder per project, the interface `project.ts`, shared code in `kit/`',
  registry: 'PostgreSQL: ledger, aliases, lane, runs, evidence, retention; artifacts by digest',
  releases: 'use-cases of a release, called by activities, command line and HTTP',
  serving: 'the decision service without its edge: assignment, scoring, decision log, outcomes, monitors, trace',
  console: 'pages and the report, rendered on the server',
  http: 'the edge: routes, access, problem documents, OpenAPI',
  activities: 'activities only: thin, idempotent, keyed by run and step',
  notify: 'notices and webhooks, read from the ledger',
  traffic: 'the client that replays what happened as live requests',
  embedded: 'servers that Slipway starts itself',
  workers: 'worker processes, housekeeping, upgrade',
  deploy: 'jobs and files of `docker-compose.yml`',
  cli: 'commands, views, the demo',
}

export function importTable(): string {
  const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
    forbidden: readonly Rule[]
  }
  const rows = forbidden.flatMap(({ name, from, to }) => {
    const folder = from.path?.slice(1, -1) ?? ''
    if (!name.endsWith('-imports-only-what-is-below')) return []
    const allowed = [to.pathNot ?? []].flat().map((pattern) => pattern.replaceAll(/^\^|\/$|\$$/g, ''))
    const others = allowed.filter((one) => one !== folder).map((one) => code(one))
    return [[code(`${folder}/`), HOLDS[folder] ?? undescribed(folder), others.join(', ') || 'nothing']]
  })
  return table(['folder', 'holds', 'may import'], rows)
}

function undescribed(folder: string): never {
  throw new Error(`the folder ${folder} has no description; add it to HOLDS in scripts/docs/import-table.ts`)
}
