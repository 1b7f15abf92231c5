import { expect, it } from 'vitest'
import { bundleWorkflows } from '../../workers/create-workers.js'

it('the workflow bundle holds neither zod nor anything with side effects', async () => {
  const { code } = await bundleWorkflows()
  const modules = [...code.matchAll(/^\s*!\*\*\* (\S+) \*\*\*!$/gm)].map((match) => match[1] ?? '')
  expect(modules.some((path) => path.endsWith('/workflows/release.ts'))).toBe(true)
  for (const forbidden of [
    'node_modules/zod/',
    '/activities/',
    '/registry/',
    '/projects/',
    'contracts/schemas',
    'canonical.ts',
  ]) {
    expect(code.includes(forbidden), forbidden).toBe(false)
  }
})
