/** Notices about releases that stay in a stage longer than expected; the ledger has no entry for these. */
import type { Registry } from '../registry/index.js'
import { needsAttention } from '../releases/attention.js'
import type { Notice } from './notice.js'

export async function noticesOfStuck(registry: Registry, now: number): Promise<Notice[]> {
  const needs = (await needsAttention(registry, now)).filter(({ why }) => why === 'stuck')
  const heads = needs.length === 0 ? [] : await registry.ledger.heads()
  return needs.map(({ workflowId, project, text, since }) => {
    const head = heads.find((one) => one.project === project)
    return {
      id: `stuck/${workflowId}/${since}`,
      event: 'stuck',
      project,
      workflowId,
      text,
      at: new Date(now).toISOString(),
      ...(head ? { head } : {}),
    }
  })
}
