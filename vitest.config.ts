import { defineConfig } from 'vitest/config'
import LongestFirst from './tests/support/longest-first.js'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // For what hangs: one that is only slow, on a machine that does much else, has not failed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Two cores: real servers and trainers run inside these tests.
    maxWorkers: 2,
    // A test that fails now and then has a cause, which is fixed.
    retry: 0,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    globalSetup: ['tests/support/global-setup.ts'],
  },
})
