/** Addresses of pages. */
import { triggerOf } from '../contracts/names.js'

export const projectPath = (project: string): string => `/projects/${encodeURIComponent(project)}`

export function releasePath(workflowId: string): string {
  const parts = triggerOf(workflowId)
  if (parts === null) return '/'
  return `${projectPath(parts.project)}/releases/${encodeURIComponent(parts.trigger)}`
}
