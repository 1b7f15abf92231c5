/**
 * A ledger entry as a notice for people. Its id is the entry's place in the ledger, so that receivers recognise a
 * repeat.
 */
import { type LedgerEntry, runOf } from '../contracts/ledger/index.js'
import type { LedgerHead } from '../contracts/schemas/heads.js'

export const NOTICE_EVENTS = [
  'canary_opened',
  'production_moved',
  'paused',
  'breach',
  'awaiting_approval',
  'verdict',
  'stuck',
] as const
export type NoticeEvent = (typeof NOTICE_EVENTS)[number]

export interface Notice {
  /** `project/seq`; for a stuck release `stuck/<workflow id>/<since>`. */
  readonly id: string
  readonly event: NoticeEvent
  readonly project: string
  readonly workflowId: string
  /** One sentence. */
  readonly text: string
  /** ISO. */
  readonly at: string
  /**
   * An entry of the project's ledger: the one that the notice is about, or for a stuck release the newest. Its hash
   * covers every entry before it, so a receiver that keeps its notices keeps proof of the ledger (`slipway registry
   * verify --against`).
   */
  readonly head?: LedgerHead
}

/** Undefined for entries that need no notice. */
export function noticeOf(entry: LedgerEntry): Notice | undefined {
  const content = contentOf(entry)
  if (!content) return undefined
  const { project, seq, at, hash } = entry
  const head = { project, seq, hash }
  return { id: `${project}/${seq}`, ...content, project, workflowId: runOf(entry), at, head }
}

function contentOf({ kind, project, body }: LedgerEntry): Pick<Notice, 'event' | 'text'> | undefined {
  switch (kind) {
    case 'alias_move':
      if (body.alias === 'production') {
        const text = `production of ${project} moved from ${body.from ?? 'nothing'} to ${body.to} by ${body.actor}: ${body.reason}`
        return { event: 'production_moved', text }
      }
      return body.to === null
        ? undefined
        : { event: 'canary_opened', text: `canary of ${project} opened for ${body.to}` }
    case 'breach':
      return {
        event: 'breach',
        text: `${body.signal} of ${project} (${body.arm}) is ${body.value}, threshold ${body.threshold}: ${body.power}`,
      }
    case 'operator_action':
      return body.action === 'pause' && body.accepted
        ? { event: 'paused', text: `canary of ${project} paused by ${body.by}: ${body.reason}` }
        : undefined
    case 'judgement': {
      const { action, reason } = body.judgement
      return action === 'pause' ? { event: 'paused', text: `canary of ${project} paused: ${reason}` } : undefined
    }
    case 'approval':
      return body.state !== 'asked'
        ? undefined
        : { event: 'awaiting_approval', text: `${body.releaseId} of ${project} waits for approval: ${body.reason}` }
    case 'verdict':
      return {
        event: 'verdict',
        text: `${body.releaseId ?? 'candidate'} of ${project}: ${body.verdict} (${body.reason})`,
      }
    default:
      return undefined
  }
}
