import { defineConfig } from 'vitest/config'
import { sliceNamed } from './slices.js'

/** The tests of one slice, chosen by `main.ts`. */
const { tests } = sliceNamed(process.env.SLIPWAY_MUTATION_SLICE ?? '')

export default defineConfig({
  test: {
    include: [...tests],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['tests/support/global-setup.ts'],
  },
})
