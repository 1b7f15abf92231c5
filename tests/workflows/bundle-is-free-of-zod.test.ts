import { expect, it } from 'vitest'
import { testBundle } from '../support/workflow-bundle.js'

it('the workflow bundle holds neither zod nor anything with side effects', async () => {
  const { code } = await testBundle()
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
