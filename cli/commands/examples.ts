/** Command lines for `--help` and the reference, by command. A test parses each of them. */
import type { Command } from 'commander'

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  demo: ['slipway demo --exit', 'slipway demo --evidence replay --speed 40000'],
  up: ['slipway up', 'slipway --projects ./parcels up'],
  'project new': ['slipway project new parcels'],
  'project formats': ['slipway project formats eta --example ./my-data'],
  'snapshot check': ['slipway snapshot check eta ./flights.csv'],
  'snapshot add': [
    'slipway snapshot add eta ./flights.csv --cutoff 2001-03-10',
    'slipway snapshot add vision ./photos --server https://slipway.example',
  ],
  'release start': [
    'slipway release start eta --wait --speed 20000',
    'slipway release start eta --snapshot ./flights.csv --cutoff 2001-03-10 --wait --fail-unless promoted',
    'slipway release start eta --policy ./policy.json --trigger nightly-2026-11-29',
  ],
  'release list': ['slipway release list --needs-attention', 'slipway release list --project eta --json'],
  'release show': ['slipway release show eta_v2', 'slipway release show eta_v2 --all'],
  'release watch': ['slipway release watch release/eta/nightly --fail-unless not-rolled-back'],
  'release abort': ['slipway release abort eta_v2 --by ana --reason "wrong data"'],
  'release pause': ['slipway release pause eta_v2 --by ana --reason "holiday traffic"'],
  report: ['slipway report eta_v2', 'slipway report eta_v2 --out ./eta_v2.html'],
  rollback: [
    'slipway rollback eta --reason "late deliveries in the north"',
    'slipway rollback eta --to eta_v3 --by ana --reason "more complaints"',
  ],
  'alias at': ['slipway alias at eta 2026-11-29T08:00:00Z'],
  serve: ['slipway serve --port 7070'],
  trace: ['slipway trace 4f1c --project eta --json'],
  'judge plan': ['slipway judge plan --per-day 2000 --rate 0.12 --smallest-effect 0.01 --horizon 3d'],
  'judge replay': ['slipway judge replay eta_v2 --policy ./policy.json'],
  traffic: ['slipway traffic eta --url http://127.0.0.1:7070'],
  'registry verify': ['slipway registry verify', 'slipway registry verify --against ./ledger.jsonl'],
  'registry export': ['slipway registry export --out ./ledger.jsonl'],
  'schedule apply': ['slipway schedule apply'],
  completion: [
    'source <(slipway completion bash)',
    'slipway completion fish > ~/.config/fish/completions/slipway.fish',
  ],
}

/** @param path such as `release start` */
export const examplesOf = (path: string): readonly string[] => EXAMPLES[path] ?? []

export const commandsWithExamples = (): readonly string[] => Object.keys(EXAMPLES)

/** Adds them to the help of a command and of those below it. */
export function addExamples(command: Command, path: string): void {
  const lines = examplesOf(path)
  if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  for (const child of command.commands) addExamples(child, `${path} ${child.name()}`)
}
