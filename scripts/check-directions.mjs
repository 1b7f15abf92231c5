// Checks import directions, and that files were checked at all: without TypeScript, dependency-cruiser finds none and
// passes.
import { execFileSync } from 'node:child_process'

const FOLDERS = [
  'contracts',
  'judge',
  'workflows',
  'activities',
  'projects',
  'registry',
  'serving',
  'embedded',
  'notify',
  'console',
  'exposure',
  'http',
  'releases',
  'traffic',
  'workers',
  'deploy',
  'cli',
]
const report = JSON.parse(
  execFileSync('npx', ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS], {
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'inherit'],
  }).toString(),
)
const { violations, totalCruised } = report.summary
for (const { from, to, rule } of violations) console.error(`${rule.name}: ${from} → ${to}`)
if (totalCruised < 50) {
  console.error(`only ${totalCruised} modules were checked; is TypeScript installed?`)
  process.exit(1)
}
if (violations.length > 0) process.exit(1)
console.log(`import directions hold in ${totalCruised} modules`)
