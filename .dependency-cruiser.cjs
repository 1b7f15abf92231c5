/** The directions of docs/decisions/002-layout.md: data flows one way. */
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: `^${from}/`, ...extra },
  to: {
    path: '^(contracts|judge|workflows|activities|projects|registry|serving|workers|cli|embedded|notify|report|deploy|tests|bench)/',
    pathNot: allowed.map((folder) => `^${folder}/`),
  },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-imports-workers-but-entry-points',
      severity: 'error',
      from: { pathNot: '^(workers|cli|deploy|tests|bench)/' },
      to: { path: '^workers/' },
    },
    {
      name: 'workflows-hold-no-zod',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '(^contracts/schemas/|node_modules/zod/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-import-types-only-from-activities',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    only('contracts-import-nothing', 'contracts', ['contracts']),
    only('judge-imports-contracts-only', 'judge', ['judge', 'contracts']),
    only('workflows-import-contracts-only', 'workflows', ['workflows', 'contracts', 'activities']),
    only('projects-import-contracts-only', 'projects', ['projects', 'contracts']),
    only('registry-imports-contracts-only', 'registry', ['registry', 'contracts']),
    only('serving-imports-contracts-only', 'serving', ['serving', 'contracts', 'registry', 'projects']),
    only('notify-imports-registry-and-contracts', 'notify', ['notify', 'contracts', 'registry']),
    only('report-imports-registry-and-contracts', 'report', ['report', 'contracts', 'registry']),
    only('embedded-imports-contracts-only', 'embedded', ['embedded', 'contracts']),
    only('activities-import-no-entry-point', 'activities', [
      'activities',
      'contracts',
      'judge',
      'projects',
      'registry',
      'serving',
    ]),
    only('workers-import-activities', 'workers', ['workers', 'activities', 'contracts', 'projects', 'registry']),
    only('deploy-prepares-servers', 'deploy', ['deploy', 'contracts', 'embedded', 'workers']),
    only('cli-imports-no-tests', 'cli', [
      'cli',
      'contracts',
      'activities',
      'projects',
      'registry',
      'serving',
      'embedded',
      'workers',
      'notify',
      'report',
      'judge',
    ]),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
}
