import type { Registry } from '../registry/index.js'
import type { Attention } from './attention.js'

/** More than a person reads at once; the newest of them. */
const SHOWN = 50

/** Notices that a receiver refused for good: their readers do not know what happened. */
export async function refusedNotices(registry: Registry, project?: string): Promise<Attention[]> {
  return (await registry.notices.refused(SHOWN)).flatMap(({ receiver, why, at, notice }) => {
    const about = notice as { readonly id: string; readonly project: string; readonly workflowId: string }
    if (project !== undefined && about.project !== project) return []
    const text = `${receiver} refused notice ${about.id} (${why}); send it again with: slipway notify --resend`
    return [{ workflowId: about.workflowId, project: about.project, why: 'notice_refused', text, since: at }]
  })
}
