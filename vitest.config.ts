import { defineConfig } from 'vitest/config'
import LongestFirst from './tests/support/longest-first.js'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: real servers and trainers run inside these tests.
    maxWorkers: 2,
    // A test that fails now and then has a cause, which is fixed.
    retry: 0,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    globalSetup: ['tests/support/global-setup.ts'],
  },
})
