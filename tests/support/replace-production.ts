import { randomUUID } from 'node:crypto'
import type { Steered } from './steer.js'

/**
 * Promotes a release that never warns, which any candidate beats, so that the current production becomes the earlier
 * one.
 * @returns both release ids, the earlier one first
 */
export async function replacedProduction(
  { registry }: Pick<Steered, 'registry'>,
  key: string,
): Promise<[string, string]> {
  const { production } = await registry.aliases.current('toy')
  const { manifest } = await registry.releases.get(production ?? '')
  const actionPolicy = {
    ...manifest.actionPolicy,
    parameters: { ...manifest.actionPolicy.parameters, threshold: 0.99 },
  }
  const worse = { ...manifest, actionPolicy }
  const { releaseId } = await registry.releases.register({ project: 'toy', manifest: worse, workflowId: 'init/toy' })
  const move = { project: 'toy', actor: 'test', reason: 'a production before', workflowId: null, evidence: null }
  await registry.aliases.move({ ...move, alias: 'production', expected: production, to: releaseId, key })
  return [production ?? '', releaseId]
}

/** Moves production as an operator does, outside any release. */
export async function moveByHand({ registry }: Pick<Steered, 'registry'>, to: string): Promise<void> {
  const { production } = await registry.aliases.current('toy')
  const move = { project: 'toy', actor: 'bo', reason: 'by hand', workflowId: null, evidence: null, key: randomUUID() }
  await registry.aliases.move({ ...move, alias: 'production', expected: production, to })
}
