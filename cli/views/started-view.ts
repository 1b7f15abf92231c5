import type { Started } from '../../releases/start-once.js'

export const startedText = ({ workflowId, existed, differs }: Omit<Started, 'verdict'>): string =>
  existed
    ? [
        `${workflowId} exists already: one trigger is one release, with the content of the first request`,
        ...(differs ?? []).map(
          ({ field, first, asked }) => `  ${field} ${valueText(asked)} is ignored; the release has ${valueText(first)}`,
        ),
      ].join('\n')
    : `started ${workflowId}`

const valueText = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
