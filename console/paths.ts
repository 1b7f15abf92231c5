/** Addresses of pages. */
import { triggerOf } from '../contracts/names.js'

export const projectPath = (project: string): string => `/projects/${encodeURIComponent(project)}`

export function releasePath(workflowId: string): string {
  const parts = triggerOf(workflowId)
  if (parts === null) return '/'
  return `${projectPath(parts.project)}/releases/${encodeURIComponent(parts.trigger)}`
}

export const actionPath = (workflowId: string, action: string): string => `${releasePath(workflowId)}/actions/${action}`

/** @param to absent: the production before the present one */
export const rollbackPath = (project: string, to?: string | null): string =>
  `${projectPath(project)}/rollback${to ? `?to=${encodeURIComponent(to)}` : ''}`

export const historyPath = (project: string): string => `${projectPath(project)}/history`

export const labelsPath = (project: string): string => `${projectPath(project)}/labels`

/** By query: an id such as `..` would be a step of the path. */
export const tracePath = (project: string, decisionId: string): string =>
  `/v1/decisions/trace?${new URLSearchParams({ id: decisionId, project })}`

/** The page that shows what became of an action. */
export const withOutcome = (path: string, id: string): string => `${path}?did=${encodeURIComponent(id)}`

/** Plans and simulations; they change nothing. */
export const policyPath = (project: string): string => `${projectPath(project)}/policy`

/** A release judged by another policy. */
export const replayPath = (workflowId: string): string => `${releasePath(workflowId)}/policy`

export const startPath = (project: string): string => `${projectPath(project)}/start`
