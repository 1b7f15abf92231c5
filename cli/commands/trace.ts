import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects } from '../../projects/load.js'
import { createReleaseLoader } from '../../releases/load-release.js'
import { Refused, type Trace, type TraceLink, trace } from '../../serving/index.js'
import { show } from '../runtime/output.js'
import { findTemporal, openRegistryHandle, workflowUrl } from '../runtime/platform.js'
import { styled } from '../runtime/style.js'

export function registerTraceCommand(program: Command): void {
  program
    .command('trace <decision>')
    .description('trace a decision to its arm, release, gates, judgement, snapshot and run; recomputes every digest')
    .option('--project <project>', 'needed if several projects have a decision with this id')
    .option('--json', 'print JSON')
    .action(async (decisionId: string, options: { project?: string; json?: boolean }) => {
      const handle = await openRegistryHandle()
      try {
        const temporal = await findTemporal().catch(() => null)
        const needs = {
          ...handle,
          projects: await loadProjects(),
          loadRelease: createReleaseLoader(handle),
          workflowUrl: (id: string) => (temporal === null ? null : workflowUrl(temporal, id)),
        }
        const found = await trace(needs, decisionId, options.project).catch((error: unknown) => {
          throw error instanceof Refused ? new SlipwayError('BadRequest', error.message) : error
        })
        show(options, found, traceText)
        if (!found.intact) process.exitCode = 1
      } finally {
        await handle.stop()
      }
    })
}

const MARKS: Record<TraceLink['status'], { mark: string; style: 'green' | 'red' | 'yellow' | 'dim' }> = {
  intact: { mark: '✓', style: 'green' },
  broken: { mark: '✗', style: 'red' },
  absent: { mark: '–', style: 'dim' },
  dropped: { mark: '∅', style: 'yellow' },
  unchecked: { mark: '?', style: 'yellow' },
}

function traceText({ decisionId, project, intact, links }: Trace): string {
  const lines = links.map(({ name, status, says, data }) => {
    const { mark, style } = MARKS[status]
    const url = (data as { url?: string | null }).url
    return `${styled(style, mark)} ${name.replaceAll('_', ' ').padEnd(13)} ${says}${url ? `\n  ${url}` : ''}`
  })
  const end = intact ? 'every link that can be recomputed matches' : 'BROKEN: see the links marked ✗'
  return [`decision ${decisionId} of ${project}`, ...lines, end].join('\n')
}
